#!/bin/sh
# Unpacks a native CPython with its own tests from Debian's packages: DIRECTORY/python3.15 starts it.
#
#   debian-python.sh DIRECTORY PACKAGES
#
# PACKAGES lists name, version and SHA-256 of each package. Nothing is installed, and no root is needed:
# the interpreter is started by the loader and with the libraries of the packages, so that it does not
# matter which system this is. Needs apt and dpkg.
set -eu

out=$1
list=$2
work=$out/work
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/packages"

apt() {
    command=$1
    shift
    (cd "$work/packages" && "$command" -qq -o Dir::State::Lists="$work/lists" \
        -o Dir::Cache="$work/cache" -o APT::Sandbox::User= -o Acquire::Languages=none "$@")
}

# shellcheck disable=SC2016 # The variable is apt's.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | head -n 1)
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror testing main" \
    >"$work/sources.list"
set -- -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null
apt apt-get "$@" update
grep -v '^#' "$list" | while read -r name version digest; do
    # The archive keeps few versions. A library may be newer than the list says; which Python it is, is
    # said by whoever uses it.
    if ! apt apt-get "$@" download "$name=$version" 2>/dev/null; then
        echo "the archive has no $name $version any more: taking its newest" >&2
        apt apt-get "$@" download "$name"
    elif ! echo "$digest  $(ls "$work/packages/${name}_"*.deb)" | sha256sum --check --quiet; then
        echo "$name $version is not the package that was pinned" >&2
        exit 1
    fi
    dpkg-deb --extract "$work/packages/${name}_"*.deb "$out"
done
rm -r "$work"
cat >"$out/python3.15" <<'END'
#!/bin/sh
root=$(dirname "$0")/usr
exec "$root/lib64/ld-linux-x86-64.so.2" --library-path "$root/lib/x86_64-linux-gnu" \
    "$root/bin/python3.15" "$@"
END
chmod +x "$out/python3.15"
"$out/python3.15" -c 'import ssl, sqlite3, lzma; import test.support'
