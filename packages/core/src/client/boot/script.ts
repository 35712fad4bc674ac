import { NODE_FLAGS, operationUnit, TRANSIENT_UNIT } from '../../protocol/transient-unit.ts'

/**
 * The first thing that runs on a host, in POSIX sh: says what the host has, takes what it lacks, becomes the engine.
 * Constant text, because it is seen in the host's process list and in sudo's log. It contains no single quote and no
 * backslash, so that any login shell passes it on as it is. `root` is another folder in tests.
 *
 * Where nothing lacks it does not wait for an answer: the engine loads while the greeting travels. For an operation
 * (`operate`) it also starts the unit that will run it, which loads in the same time and waits for its request.
 */
export function bootScript(root = ''): string {
  return `set -u
umask 022
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
fail() { echo "AXLE1-ERROR $1 $2"; exit 1; }
engine=$1 project=$2 verb=$3
shift 3
opt="${root}/opt/axle"
file="$opt/projects/$project/engine-$engine.cjs"
[ -d "${root}/run/systemd/system" ] || fail AXLE_HOST_UNSUITABLE "systemd does not run there"
os=$(. "${root}/etc/os-release" 2>/dev/null; echo "\${ID-} \${VERSION_ID:-999} \${PRETTY_NAME-}")
id=\${os%% *} os=\${os#* }
version=\${os%% *} name=\${os#* }
unfit() { fail AXLE_HOST_UNSUITABLE "it runs \${name:-another system}, and Axle needs Debian 12 or newer, or Ubuntu 22.04 or newer"; }
[ -e "${root}/etc/debian_version" ] || unfit
case $id in debian | raspbian) least=12 ;; ubuntu) least=22 ;; *) least=0 ;; esac
major=\${version%%.*}
case $major in "" | *[!0-9]*) major=999 ;; esac
[ "$major" -ge "$least" ] || unfit
for tool in tar gzip sha256sum dd mktemp; do
  command -v "$tool" >/dev/null || fail AXLE_HOST_UNSUITABLE "the program $tool is missing there"
done
node="$opt/node/$1/bin/node"
has=
lacks=
for version in "$@"; do
  if [ -x "$opt/node/$version/bin/node" ]; then has="$has node@$version"; else lacks=node; fi
done
if [ -f "$file" ]; then has="$has engine"; else lacks=engine; fi
[ -n "$lacks" ] || has="$has ready"
echo "AXLE1 $(uname -m)$has"
tmp=
clean() { [ -z "$tmp" ] || rm -rf "$tmp"; }
trap clean EXIT
refuse() {
  case $1 in
    *"No space left"* | *"quota exceeded"*) fail AXLE_DISK_FULL "$1" ;;
    *) fail AXLE_RIGHTS "$1" ;;
  esac
}
take() {
  why=$(mkdir -p "$1" 2>&1) || refuse "$why"
  tmp=$(mktemp -d "$1/.incoming-XXXXXX" 2>&1) || { why=$tmp tmp=; refuse "$why"; }
  why=$(dd iflag=fullblock,count_bytes bs=65536 count="$2" status=none of="$tmp/file" 2>&1) || refuse "$why"
  echo "$3  $tmp/file" | sha256sum -c --status || fail AXLE_WIRE "what arrived is not what was sent"
}
while [ -n "$lacks" ]; do
  read -r word name size sum || exit 1
  case $word in
    engine)
      case $sum in "$engine"*) ;; *) fail AXLE_WIRE "the engine sent is not the one that was named" ;; esac
      take "$opt/projects/$project" "$size" "$sum"
      chmod 644 "$tmp/file" && sync "$tmp/file" && mv -f "$tmp/file" "$file" || fail AXLE_DISK_FULL "$file cannot be written"
      ;;
    node)
      take "$opt/node" "$size" "$sum"
      mkdir "$tmp/unpacked" && tar -xzf "$tmp/file" -C "$tmp/unpacked" --strip-components=1 --no-same-owner || fail AXLE_DISK_FULL "Node cannot be unpacked"
      [ -x "$tmp/unpacked/bin/node" ] || fail AXLE_WIRE "the archive holds no Node"
      sync "$tmp/unpacked/bin/node"
      if [ ! -x "$opt/node/$name/bin/node" ]; then
        rm -rf "$opt/node/$name"
        mv -T "$tmp/unpacked" "$opt/node/$name" || [ -x "$opt/node/$name/bin/node" ] || fail AXLE_DISK_FULL "$opt/node/$name cannot be written"
      fi
      ;;
    go) break ;;
    *) fail AXLE_WIRE "the viewer sent something unknown" ;;
  esac
  rm -rf "$tmp"
  tmp=
done
[ -x "$node" ] || fail AXLE_WIRE "Node was not sent"
[ -f "$file" ] || fail AXLE_WIRE "the engine was not sent"
operation=
if [ "$verb" = operate ]; then
  operation=$(date -u +%Y%m%d-%H%M%S)-$(printf %04x $$)
  systemd-run ${TRANSIENT_UNIT.join(' ')} --unit="${operationUnit('$project', '$operation')}" --description="Axle: operation of $project" -- "$node" ${NODE_FLAGS.join(' ')} "$file" run "$project" "$operation" $$ </dev/null >/dev/null 2>&1 &
fi
exec env -i HOME=/root PATH="$PATH" LANG=C.UTF-8 NODE_COMPILE_CACHE="${root}/var/lib/axle/cache/node" "$node" ${NODE_FLAGS.join(' ')} "$file" serve $operation`
}
