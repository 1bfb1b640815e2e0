# Live workers on socketpairs, and a client whose server has hung up: neither is an orphan.
import lc, os, socket, subprocess, tempfile
keep = []
with tempfile.TemporaryDirectory() as folder:
    server = socket.socket(socket.AF_UNIX); server.bind(folder + "/s"); server.listen()
    for _ in range(lc.N):
        ours, theirs = socket.socketpair()
        p = subprocess.Popen(["cat"], stdin=theirs, stdout=subprocess.DEVNULL); theirs.close()
        client = socket.socket(socket.AF_UNIX); client.connect(folder + "/s"); server.accept()[0].close()
        keep += [ours, client, p]; lc.pace()
    lc.ready(); lc.hold()
