# Short-lived children hundreds a second, all three streams redirected; N of them keep theirs.
import lc, subprocess, time
keep = []; P = subprocess.PIPE
def spawn():
    return subprocess.Popen(["true"], stdin=P, stdout=P, stderr=P)
end = time.monotonic() + 3
while time.monotonic() < end:
    spawn().communicate(); time.sleep(0.005)
for _ in range(lc.N):
    p = spawn(); p.wait(); keep.append(p); lc.pace()
lc.ready(); lc.hold()
