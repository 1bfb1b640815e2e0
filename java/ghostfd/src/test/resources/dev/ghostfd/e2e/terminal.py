# Runs a command on a terminal of its own and passes its output on, byte for byte; exits as it does.
#   terminal.py PATTERN KEYS COMMAND...   types KEYS (escapes as in Python) once PATTERN has been seen
import codecs, os, pty, sys

pattern, keys = sys.argv[1].encode(), codecs.decode(sys.argv[2], "unicode_escape").encode()
pid, master = pty.fork()
if pid == 0:
    os.execvp(sys.argv[3], sys.argv[3:])
seen = b""
while True:
    try:
        data = os.read(master, 65536)
    except OSError:
        break
    if not data:
        break
    seen += data
    if pattern and pattern in seen:
        pattern = b""
        os.write(master, keys)
sys.stdout.buffer.write(seen)
sys.stdout.flush()
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.exit(status if status >= 0 else 128 - status)
