# A shell keeps a copy of its own output while a command runs, as `exec 3>&1` does.
n=$1 s=$2
exec 3>&1
for ((i = 0; i < n; i++)); do /bin/true >&3; done
echo "READY pid=$$"
sleep "$s"
