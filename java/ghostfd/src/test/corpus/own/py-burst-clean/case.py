# The same burst, every child left to communicate(), which closes all three.
import lc, subprocess, time
P = subprocess.PIPE; end = time.monotonic() + 3; n = 0
while n < lc.N or time.monotonic() < end:
    subprocess.Popen(["true"], stdin=P, stdout=P, stderr=P).communicate(); n += 1; time.sleep(0.005)
lc.ready(); lc.hold()
