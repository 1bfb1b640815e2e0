#!/bin/sh -e
cd "$(dirname "$0")"
bash -n case.bash
printf '#!/bin/sh\nexec bash "$(dirname "$0")/case.bash" "$@"\n' > case
chmod +x case
