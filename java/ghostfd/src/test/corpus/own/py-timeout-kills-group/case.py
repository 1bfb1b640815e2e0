# The innocent twin: the timeout kills the whole process group, and the pipe is read to its end and closed.
import lc, os, signal, subprocess
for _ in range(lc.N):
    p = subprocess.Popen(["sh", "-c", "sleep 1000 & echo $!; wait"], stdout=subprocess.PIPE, start_new_session=True)
    p.stdout.readline(); os.killpg(p.pid, signal.SIGKILL); p.communicate(); lc.pace()
lc.ready(); lc.hold()
