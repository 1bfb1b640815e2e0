# One log for all children, and a supervisor's pipe that is given to the next child as well.
import lc, os, subprocess, tempfile
log = tempfile.TemporaryFile(); r, w = os.pipe(); p = None
for _ in range(lc.N + 1):
    subprocess.run(["echo", "hi"], stdout=log)
    if p: p.terminate(); p.wait()
    p = subprocess.Popen(["sleep", "1000"], stdout=w); lc.pace()
lc.ready(); lc.hold(); p.terminate(); p.wait()
