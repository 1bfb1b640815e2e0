# A worker with a socketpair as its control channel dies; the master goes on without closing its end.
import lc, os, socket, subprocess
keep = []
for _ in range(lc.N):
    ours, theirs = socket.socketpair()
    p = subprocess.Popen(["sh", "-c", "exit 1"], pass_fds=[theirs.fileno()]); theirs.close(); p.wait()
    keep.append(ours); lc.pace()
lc.ready(); lc.hold()
