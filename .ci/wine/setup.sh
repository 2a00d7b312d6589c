#!/usr/bin/env bash
# setup.sh [DIR]: Debian 13 with Wine 10 in DIR, from Debian's packages, once; 1.5 GB and some minutes.
# Exit code 77: not possible here, and why.
# (Debian 12's Wine 8 does not do: .NET's finaliser dies in it.)
set -euo pipefail
root=${1:-${ABLATION_WINE:-$HOME/.cache/ablation/wine}}
[ -e "$root/.ready" ] && exit 0
[ "$(id -u)" -eq 0 ] || { echo "skipped: Wine's chroot needs root"; exit 77; }
unshare --mount true 2>/dev/null || { echo "skipped: no mounts are allowed here"; exit 77; }
if ! command -v debootstrap >/dev/null; then
    { apt-get update && apt-get install -y debootstrap; } >/dev/null 2>&1 || { echo "skipped: debootstrap cannot be installed"; exit 77; }
fi
rm -rf "$root"
mkdir -p "$root"
debootstrap --variant=minbase trixie "$root" >"$root.log" 2>&1 ||
    { echo "skipped: Debian 13 could not be had: $(tail -n 1 "$root.log")"; rm -rf "$root"; exit 77; }
cp /etc/resolv.conf "$root/etc/resolv.conf"
unshare --mount bash -ec "
    mount -t proc proc '$root/proc'
    export DEBIAN_FRONTEND=noninteractive
    chroot '$root' apt-get update
    chroot '$root' apt-get install -y --no-install-recommends wine wine64
    chroot '$root' apt-get clean
    mkdir -p '$root/src'
    mount --rbind /dev '$root/dev'
    chroot '$root' env WINEPREFIX=/prefix WINEDEBUG=-all HOME=/root XDG_RUNTIME_DIR=/tmp wine wineboot --init
    chroot '$root' env WINEPREFIX=/prefix HOME=/root wineserver --wait" >>"$root.log" 2>&1 ||
    { echo "skipped: Wine could not be installed: $(tail -n 1 "$root.log")"; rm -rf "$root"; exit 77; }
touch "$root/.ready"
