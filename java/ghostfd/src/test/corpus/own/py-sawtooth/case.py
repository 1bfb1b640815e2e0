# Connections that pile up and are closed together, again and again.
import lc, os, time
keep = []
for i in range(lc.N):
    keep.append(os.open("/dev/null", os.O_RDONLY))
    if len(keep) == 25:
        while keep: os.close(keep.pop())
    lc.pace()
lc.ready(); lc.hold()
