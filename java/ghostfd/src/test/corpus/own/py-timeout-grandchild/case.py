# A timeout kills the shell; its grandchild keeps stdout, and the reader never sees the end.
import lc, signal, subprocess, os
keep = []; grand = []
for _ in range(lc.N):
    p = subprocess.Popen(["sh", "-c", "sleep 1000 & echo $!; wait"], stdout=subprocess.PIPE)
    grand.append(int(p.stdout.readline())); p.kill(); p.wait(); keep.append(p); lc.holder(grand[-1], "grandchild"); lc.pace()
lc.ready(); lc.hold()
for pid in grand: os.kill(pid, signal.SIGKILL)
