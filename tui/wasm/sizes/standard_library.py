"""Import paths of the Go standard library (1.27), which stock Go flattens in symbol names: `encoding/json` becomes
`encoding_json`. Only paths with a slash need restoring; those of `vendor/` and the commands are left out."""

from __future__ import annotations

from typing import Final

# first element -> what follows it
_TREE: Final = {
    "archive": "tar zip",
    "compress": "bzip2 flate gzip lzw zlib",
    "container": "heap list ring",
    "crypto": (
        "aes cipher des dsa ecdh ecdsa ed25519 elliptic fips140 hkdf hmac hpke internal/boring "
        "internal/boring/bbig internal/boring/bcache internal/boring/sig internal/constanttime "
        "internal/cryptotest internal/cryptotest/wycheproof internal/cryptotest/x509limbo internal/entropy "
        "internal/entropy/v1.0.0 internal/fips140 internal/fips140/aes internal/fips140/aes/gcm "
        "internal/fips140/alias internal/fips140/bigmod internal/fips140/check "
        "internal/fips140/check/checktest internal/fips140/drbg internal/fips140/ecdh internal/fips140/ecdsa "
        "internal/fips140/ed25519 internal/fips140/edwards25519 internal/fips140/edwards25519/field "
        "internal/fips140/hkdf internal/fips140/hmac internal/fips140/mldsa internal/fips140/mlkem "
        "internal/fips140/nistec internal/fips140/nistec/fiat internal/fips140/pbkdf2 internal/fips140/rsa "
        "internal/fips140/sha256 internal/fips140/sha3 internal/fips140/sha512 internal/fips140/ssh "
        "internal/fips140/subtle internal/fips140/tls12 internal/fips140/tls13 internal/fips140cache "
        "internal/fips140deps internal/fips140deps/byteorder internal/fips140deps/cpu "
        "internal/fips140deps/godebug internal/fips140deps/time internal/fips140hash internal/fips140only "
        "internal/fips140test internal/impl internal/rand internal/randutil internal/sysrand "
        "internal/sysrand/internal/seccomp md5 mldsa mlkem mlkem/mlkemtest pbkdf2 rand rc4 rsa sha1 sha256 "
        "sha3 sha512 subtle tls tls/internal/fips140tls x509 x509/pkix"
    ),
    "database": "sql sql/driver sql/internal",
    "debug": "buildinfo dwarf elf gosym macho pe plan9obj",
    "embed": "internal/embedtest",
    "encoding": (
        "ascii85 asn1 base32 base64 binary csv gob hex json json/internal json/internal/jsonflags "
        "json/internal/jsonopts json/internal/jsontest json/internal/jsonwire json/jsontext json/v2 pem xml"
    ),
    "go": (
        "ast build build/constraint constant doc doc/comment format importer internal/gccgoimporter "
        "internal/gcimporter internal/srcimporter parser printer scanner token types version"
    ),
    "hash": "adler32 crc32 crc64 fnv maphash",
    "html": "template",
    "image": "color color/palette draw gif internal/imageutil jpeg png",
    "index": "suffixarray",
    "internal": (
        "abi asan bisect buildcfg bytealg byteorder cfg chacha8rand copyright coverage coverage/calloc "
        "coverage/cfile coverage/cformat coverage/cmerge coverage/decodecounter coverage/decodemeta "
        "coverage/encodecounter coverage/encodemeta coverage/pods coverage/rtcov coverage/slicereader "
        "coverage/slicewriter coverage/stringtab coverage/test coverage/uleb128 cpu dag diff exportdata "
        "filepathlite fmtsort fuzz gate goarch godebug godebugs goexperiment goos goroot gover goversion "
        "lazyregexp lazytemplate msan nettest nettrace obscuretestdata oserror pkgbits platform poll profile "
        "profilerecord race reflectlite runtime/atomic runtime/cgroup runtime/exithook runtime/gc "
        "runtime/gc/internal/gen runtime/gc/scan runtime/maps runtime/math runtime/pprof/label runtime/sys "
        "runtime/wasitest saferio singleflight strconv stringslite sync synctest syscall/execenv syscall/unix "
        "sysinfo syslist testenv testhash testlog testpty trace trace/internal/testgen trace/internal/tracev1 "
        "trace/raw trace/testtrace trace/tracev2 trace/traceviewer trace/traceviewer/format trace/version "
        "txtar types/errors unsafeheader xcoff zstd"
    ),
    "io": "fs ioutil",
    "log": "internal slog slog/internal slog/internal/benchmarks slog/internal/buffer syslog",
    "math": "big big/internal/asmgen bits cmplx rand rand/v2",
    "mime": "multipart quotedprintable",
    "net": (
        "http http/cgi http/cookiejar http/fcgi http/httptest http/httptrace http/httputil http/internal "
        "http/internal/ascii http/internal/http2 http/internal/httpcommon http/internal/httpsfv "
        "http/internal/testcert http/pprof internal/cgotest internal/socktest mail netip rpc rpc/jsonrpc smtp "
        "textproto url"
    ),
    "os": "exec exec/internal/fdtest signal user",
    "path": "filepath",
    "reflect": "internal/example1 internal/example2",
    "regexp": "syntax",
    "runtime": "coverage debug metrics pprof race trace",
    "sync": "atomic",
    "testing": "cryptotest fstest internal/testdeps iotest quick slogtest synctest",
    "text": "scanner tabwriter template template/parse",
    "time": "tzdata",
    "unicode": "utf16 utf8",
}

STANDARD_PATHS: Final = frozenset(f"{first}/{rest}" for first, rests in _TREE.items() for rest in rests.split())
FLATTENED: Final = {path.replace("/", "_"): path for path in STANDARD_PATHS}
"""Flattened name -> import path."""
