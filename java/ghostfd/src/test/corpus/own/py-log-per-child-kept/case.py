# A log file opened for each child and never closed by the parent.
import lc, subprocess, tempfile
keep = []
for _ in range(lc.N):
    log = tempfile.TemporaryFile(); subprocess.run(["echo", "hi"], stdout=log); keep.append(log); lc.pace()
lc.ready(); lc.hold()
