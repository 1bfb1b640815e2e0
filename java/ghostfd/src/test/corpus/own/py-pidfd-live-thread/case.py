# A pidfd of a thread other than the first: no process was ever behind its number, and the thread runs.
import ctypes, lc, os, threading
libc = ctypes.CDLL(None, use_errno=True); PIDFD_THREAD = os.O_EXCL; stop = threading.Event()
for _ in range(lc.N):
    thread = threading.Thread(target=stop.wait, daemon=True); thread.start()
    if libc.syscall(434, thread.native_id, PIDFD_THREAD) < 0:
        os.pidfd_open(os.getpid())           # before Linux 6.9 there are none
    lc.pace()
lc.ready(); lc.hold()
