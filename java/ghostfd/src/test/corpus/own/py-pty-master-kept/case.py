# pty.fork(), the shell ends and is reaped, the master is forgotten.
import lc, os, pty
for _ in range(lc.N):
    pid, master = pty.fork()
    if pid == 0:
        os.execvp("true", ["true"])
    os.waitpid(pid, 0); lc.pace()
lc.ready(); lc.hold()
