#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Packs packages with install scripts and installs them into a project, without network; runs its scripts.

# shellcheck source=rounds.sh
source "$(dirname "${BASH_SOURCE[0]}")/rounds.sh"

export npm_config_cache=$PWD/cache npm_config_update_notifier=false npm_config_audit=false npm_config_fund=false
export npm_config_offline=true npm_config_loglevel=warn
mkdir -p project
for n in {1..6}; do
    mkdir -p "part$n"
    cat >"part$n/package.json" <<JSON
{"name": "part$n", "version": "1.0.0", "main": "index.js",
 "scripts": {"install": "node build.js", "postinstall": "node -e 1"}}
JSON
    echo "module.exports = $n" >"part$n/index.js"
    cat >"part$n/build.js" <<'JS'
const { execFileSync, spawn } = require('child_process')
execFileSync('true')
const child = spawn('sh', ['-c', 'cat; echo done >&2'], { stdio: ['pipe', 'pipe', 'pipe'] })
child.stdout.resume()
child.stderr.resume()
child.stdin.end('text')
JS
    (cd "part$n" && npm pack --pack-destination .. >>../log 2>&1)
done
cat >project/package.json <<'JSON'
{"name": "project", "version": "1.0.0",
 "scripts": {"pretest": "node -e 1", "test": "node test.js", "start": "node -e \"require('part1')\""},
 "dependencies": {"part1": "file:../part1-1.0.0.tgz", "part2": "file:../part2-1.0.0.tgz",
  "part3": "file:../part3-1.0.0.tgz", "part4": "file:../part4-1.0.0.tgz",
  "part5": "file:../part5-1.0.0.tgz", "part6": "file:../part6-1.0.0.tgz"}}
JSON
cat >project/test.js <<'JS'
const { Worker } = require('worker_threads')
const { fork, exec } = require('child_process')
if (process.argv[2] === 'child') {
  process.on('message', (message) => { process.send(message + require('part2')); process.disconnect() })
} else {
  exec('ls | sort | head -n 3', (error) => { if (error) throw error })
  const child = fork(__filename, ['child'])
  child.on('message', (sum) => { if (sum !== 3) throw new Error('sum') })
  child.send(1)
  new Worker('require("fs").readdirSync(".")', { eval: true })
}
JS

round() {
    (
        cd project
        rm -rf node_modules package-lock.json
        npm install
        npm ci
        npm test
        npm start
    )
}

work
