#!/bin/sh
# Makes a Rust toolchain that compiles for a WASI target, from Debian's packages alone.
#
#   debian-wasm-toolchain.sh DIRECTORY TARGET
#
# DIRECTORY is empty at first and holds the toolchain at the end: rustc of Debian's `rustc-web` (the
# recent Rust that Debian keeps for browsers), the standard library for TARGET, which Debian does not
# build and we do from Debian's copy of its source, wasi-libc, and lld. Packages are unpacked and
# never installed, so this needs no root. It can be moved: nothing in it knows where it is.
#
# Needs apt, dpkg, tar and cargo; 2 minutes, and 1.5 GB while it works.
set -eu

out=$1
target=$2
work=$out/work
packages=$work/packages
root=$work/root
mkdir -p "$packages" "$root" "$out/bin" "$out/lib" "$out/libexec"

# Runs an apt command with a state of its own, that of the archive $1: no lock is shared with the
# system's apt. The system's sources (unless $1 has a list) and keys apply, so that what is
# downloaded is checked against signed lists.
apt() {
    state=$work/apt-$1
    command=$2
    shift 2
    mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
    if [ -e "$state/sources.list" ]; then
        set -- -o Dir::Etc::SourceList="$state/sources.list" -o Dir::Etc::SourceParts=/dev/null "$@"
    fi
    (cd "$packages" && "$command" -qq -o Dir::State::Lists="$state/lists" \
        -o Dir::Cache="$state/cache" -o APT::Sandbox::User= -o Acquire::Languages=none "$@")
}

# The first package that $1 of this version depends on whose name matches the expression $2.
dependency() {
    apt system apt-cache depends "$1=$version" | sed -n "s/.*Depends: \($2\)\$/\1/p" | head -n 1
}

download_compiler() {
    apt system apt-get update
    version=$(apt system apt-cache show rust-web-src | sed -n 's/^Version: //p' | head -n 1)
    if [ -z "$version" ]; then
        echo "this system's package archive has no rust-web-src" >&2
        exit 1
    fi
    std=$(dependency libstd-rust-web-dev 'libstd-rust-web-[0-9.]*')
    llvm=$(dependency "$std" 'libllvm[0-9]*')
    apt system apt-get download "rustc-web=$version" "$std=$version" \
        "libstd-rust-web-dev=$version" "rust-web-llvm=$version" "rust-web-src=$version" \
        "$llvm" "lld-${llvm#libllvm}"
}

# wasi-libc of the stable release can be too old for sockets and the stubs of threads. That of the
# testing release fits everywhere: it holds nothing but WebAssembly.
download_libc() {
    # shellcheck disable=SC2016 # The variable is apt's.
    mirror=$(apt system apt-get indextargets --format '$(REPO_URI)' \
        'Created-By: Packages' 'Label: Debian' | head -n 1)
    mkdir -p "$work/apt-testing"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror testing main" \
        >"$work/apt-testing/sources.list"
    if ! { apt testing apt-get update && apt testing apt-get download wasi-libc; }; then
        echo "no wasi-libc from Debian testing: taking this release's" >&2
        apt system apt-get download wasi-libc
    fi
}

unpack() {
    for package in "$packages"/*.deb; do
        case $package in
            */rust-web-src_*)
                dpkg --fsys-tarfile "$package" |
                    tar -x -C "$root" --wildcards './usr/src/rustc-*/library/*'
                ;;
            *) dpkg -x "$package" "$root" ;;
        esac
    done
}

# Lays the compiler out as Cargo and the compiler itself expect it.
assemble() {
    mv "$root/usr/bin/rustc" "$out/libexec/rustc"
    # rustc does not know where its own libraries are.
    cat >"$out/bin/rustc" <<'WRAPPER'
#!/bin/sh
here=$(dirname "$(dirname "$(readlink -f "$0")")")
export LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
exec "$here/libexec/rustc" "$@"
WRAPPER
    chmod +x "$out/bin/rustc"
    mv "$root"/usr/lib/*-linux-gnu/lib*.so* "$out/lib/"
    # With its .rmeta files: Debian's .rlib files carry no metadata.
    mv "$root/usr/lib/rustlib" "$out/lib/rustlib"
    find "$out" -xtype l -delete

    tools=$(echo "$out"/lib/rustlib/*-linux-gnu/bin)
    rm -rf "$tools/gcc-ld"
    mkdir -p "$tools/gcc-ld"
    mv "$root"/usr/lib/llvm-*/bin/lld "$tools/rust-lld"
    ln -s ../rust-lld "$tools/gcc-ld/wasm-ld"
}

# The flags are those of Rust's own build of its standard library.
build_std() {
    source=$out/lib/rustlib/src/rust
    rm -rf "$out/lib/rustlib/src"
    mkdir -p "$source"
    mv "$root"/usr/src/rustc-*/library "$source/library"
    # What the compiler says of a library that is not ours matters only if it fails.
    if ! (cd "$source/library" &&
        RUSTC="$out/bin/rustc" RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="$work/std" \
            RUSTFLAGS='-Zforce-unstable-if-unmarked -Cembed-bitcode=yes' \
            "${CARGO:-cargo}" build --quiet --locked --release \
            --manifest-path sysroot/Cargo.toml --target "$target") >"$work/std.log" 2>&1; then
        cat "$work/std.log" >&2
        exit 1
    fi

    lib=$out/lib/rustlib/$target/lib
    mkdir -p "$lib/self-contained"
    cp "$work/std/$target/release/deps/"*.rlib "$lib/"
    libc=$root/usr/lib/$target
    [ -d "$libc" ] || libc=$root/usr/lib/wasm32-wasi
    cp "$libc/libc.a" "$libc/crt1-command.o" "$libc/crt1-reactor.o" "$lib/self-contained/"
}

echo "  packages" >&2
download_compiler
download_libc
unpack
assemble
echo "  standard library for $target" >&2
build_std
rm -rf "$work" "$out/lib/rustlib/src"
