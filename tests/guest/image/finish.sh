#!/bin/sh
# Last step of a guest image, called with its tree: the modules for the initrd, and what DKMS must have made.
# SPDX-License-Identifier: MIT
set -eu
tree=$1
version=$(basename "$tree"/lib/modules/*)

# Built for the image's kernel, whatever the host runs.
chroot "$tree" dkms autoinstall -k "$version"
chroot "$tree" modinfo -k "$version" v4l2loopback

: >"$tree/etc/fstab"

mkdir "$tree/boot/modules"
for name in virtio_pci virtio_blk erofs overlay; do
    chroot "$tree" modprobe --set-version "$version" --show-depends "$name"
done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r path; do
    name=$(basename "$path" .xz)
    case $path in
        *.xz) chroot "$tree" busybox xz -dc "$path" >"$tree/boot/modules/$name" ;;
        *) cp "$tree/$path" "$tree/boot/modules/$name" ;;
    esac
    echo "$name" >>"$tree/boot/modules/order"
done
