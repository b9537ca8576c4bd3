#!/bin/sh
# Enters a build root: enter_root.sh TREE CHECKOUT UID:GID COMMAND..., in its own mount namespace.
# SPDX-License-Identifier: MIT
set -eu
tree=$1 checkout=$2 user=$3
shift 3
mount -t tmpfs tmp "$tree/tmp"
mount -t tmpfs run "$tree/run"
mount -t proc proc "$tree/proc"
mount --rbind /sys "$tree/sys"
mount --rbind /dev "$tree/dev"
mkdir -p "$tree$checkout"
mount --bind "$checkout" "$tree$checkout"
# Nothing of the caller's environment gets in: the same command has to do the same everywhere.
# shellcheck disable=SC2016  # expanded inside
exec chroot --userspec="$user" "$tree" /usr/bin/env -i \
    PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 \
    CTEST_OUTPUT_ON_FAILURE=1 \
    /bin/sh -c 'cd "$0" && exec "$@"' "$checkout" "$@"
