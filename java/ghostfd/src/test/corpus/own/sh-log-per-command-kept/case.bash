# A shell opens a descriptor for one command and never closes it.
n=$1 s=$2
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
for ((i = 0; i < n; i++)); do
    exec {log}>"$folder/$i"
    /bin/true >&"$log"
    sleep "$((${INTERVAL_MS:-0} / 1000)).$(printf '%03d' $((${INTERVAL_MS:-0} % 1000)))"
done
echo "READY pid=$$"
# A sleep of its own would have them as well.
mkfifo "$folder/never"
read -rt "$s" <>"$folder/never" || true
