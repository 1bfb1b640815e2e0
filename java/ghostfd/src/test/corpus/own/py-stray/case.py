# inheritable pipes and close_fds=False: a daemon is left with both ends of a pipe that was made for somebody else.
import lc, os, signal, subprocess
daemons = []
for _ in range(lc.N):
    out = subprocess.PIPE
    code = """import os, subprocess
r, w = os.pipe(); os.set_inheritable(r, True); os.set_inheritable(w, True)
d = subprocess.Popen(["sleep", "1000"], close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
c = subprocess.Popen(["true"], stdout=w); os.close(w); c.wait()
print(d.pid, flush=True)"""
    p = subprocess.run(["/usr/bin/python3", "-c", code], stdout=out); daemons.append(int(p.stdout))
    lc.holder(daemons[-1], "stranger"); lc.pace()
lc.ready(); lc.hold()
for pid in daemons: os.kill(pid, signal.SIGKILL)
