#!/bin/sh
# Whether a batch on a stick is whole and genuine, told by openssl alone.
# 只用 openssl 核验离线包：签名是否真、内容是否完整。不需要信采的任何程序。
#
#   verify-bundle.sh -d DEVICE.pem [-g identity.json] FILE.zip...
#
# DEVICE.pem is the public key of the device that signed the batch, FILE.zip the container or all its parts.
# identity.json is the gateway's own (it holds the key that opens envelopes; bundles from work have one).
# Prints one line: "good", the batch's name, its records and its files; or "bad" and why. Exit code 0 or 1.
#
# Needs sh, openssl 3 and what every Linux has (coreutils, grep, sed). It says what `xincai-gateway verify`
# says, but for three things that only who holds the device's key could bring about: text that is not in
# Unicode's form NFC, texts over their length, names of attachments twice in a record.
# An envelope's content is deciphered into a folder of its own under TMPDIR, which goes at the end.

set -u
umask 077
LC_ALL=C
export LC_ALL

bad() {
    echo "bad: $1"
    exit 1
}

usage() {
    echo "usage: verify-bundle.sh -d DEVICE.pem [-g identity.json] FILE.zip..." >&2
    exit 2
}

digest() { openssl dgst -sm3 -r | cut -c 1-64; }

# The bytes FILE START SIZE.
bytes() { tail -c "+$(($2 + 1))" "$1" | head -c "$3"; }

# Bytes from numbers.
put() { printf "$(printf '\\%03o' "$@")"; }

little() { put $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24 & 255)); }

unhex() { tr a-f A-F | basenc --base16 -d; }

# Walk an archive: hold every header and the whole directory against the only ones that could stand there.
# Leaves the lines "name start size" in $entries.
walk() {
    file=$1 entries=$2 place=0 count=0
    : > "$entries"
    : > "$work/directory"
    length=$(wc -c < "$file") || bad "cannot be read"
    [ "$length" -le 2147487744 ] || bad "too large"
    while :; do
        set -- $(od -An -v -tu1 -j "$place" -N 30 "$file" 2> /dev/null)
        [ $# -eq 30 ] && [ "$1 $2 $3 $4" = "80 75 3 4" ] || break
        shift 4
        [ "$1 $2 $3 $4 $5 $6 $7 $8 $9 ${10}" = "20 0 0 0 0 0 0 0 33 0" ] || bad "header"
        shift 10
        size=$(($5 + $6 * 256 + $7 * 65536 + $8 * 16777216))
        [ "$5 $6 $7 $8" = "$9 ${10} ${11} ${12}" ] && [ "${14} ${15} ${16}" = "0 0 0" ] || bad "header"
        named=${13}
        [ "$named" -ge 1 ] && [ "$named" -le 100 ] || bad "name"
        name=$(bytes "$file" $((place + 30)) "$named" | tr -c 'a-z0-9./' '?')
        [ ${#name} -eq "$named" ] || bad "name"
        case $name in *[!a-z0-9./]*) bad "name" ;; esac
        {
            put 80 75 1 2 20 3 20 0 0 0 0 0 0 0 33 0 "$1" "$2" "$3" "$4" "$5" "$6" "$7" "$8" "$5" "$6" "$7" "$8"
            put "$named" 0 0 0 0 0 0 0 0 0 0 0 164 129
            little "$place"
            printf %s "$name"
        } >> "$work/directory"
        start=$((place + 30 + named))
        echo "$name $start $size" >> "$entries"
        place=$((start + size)) count=$((count + 1))
        [ "$place" -le "$length" ] && [ "$count" -le 10000 ] || bad "size"
    done
    [ "$count" -gt 0 ] || bad "no archive"
    listed=$(wc -c < "$work/directory")
    {
        put 80 75 5 6 0 0 0 0 $((count & 255)) $((count >> 8)) $((count & 255)) $((count >> 8))
        little "$listed"
        little "$place"
        put 0 0
    } >> "$work/directory"
    [ $((place + listed + 22)) -eq "$length" ] || bad "directory"
    [ "$(bytes "$file" "$place" $((listed + 22)) | digest)" = "$(digest < "$work/directory")" ] || bad "directory"
}

# Open an envelope FILE into the container OUT.
open_envelope() {
    [ -n "$identity" ] || bad "an envelope, and no identity.json to open it"
    walk "$1" "$work/envelope"
    { read -r name start size && read -r letter begin long && ! read -r _; } < "$work/envelope" || bad "envelope"
    [ "$name $letter" = "content.sm4 envelope.json" ] && [ "$size" -ge 16 ] && [ "$long" -le 4096 ] || bad "envelope"
    bytes "$1" "$begin" "$long" > "$work/letter"
    text='"([^"\[:cntrl:]]|\\["\bfnrt]|\\u00[01][0-9a-f])*"'
    shape="{\"format\":\"xincai-envelope-1\",\"key\":\"[0-9a-f]{16}\",\"mac\":\"[0-9a-f]{64}\",\"recipient\":$text"
    shape="$shape,\"wrapped\":\"[A-Za-z0-9+/]+=?=?\"}"
    [ "$(wc -l < "$work/letter")" -eq 0 ] && grep -aEqx "$shape" "$work/letter" || bad "envelope"
    member() { sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/" "$work/letter"; }
    secret=$(sed -n 's/.*"envelope": *"\([0-9a-f]*\)".*/\1/p' "$identity")
    [ ${#secret} -eq 192 ] || bad "identity.json holds no key for envelopes"
    scalar=$(printf %s "$secret" | cut -c 1-64) public=$(printf %s "$secret" | cut -c 65-192)
    printf '30770201010420%sa00a06082a811ccf5501822da14403420004%s' "$scalar" "$public" | unhex > "$work/key.der"
    openssl ec -inform DER -in "$work/key.der" -out "$work/key.pem" 2> /dev/null || bad "identity.json"
    key=$(openssl pkey -in "$work/key.pem" -pubout -outform DER | digest | cut -c 1-16)
    own=$(sed -n 's/.*"gateway": *"\([^"]*\)".*/\1/p' "$identity")
    [ "$(member key) $(member recipient)" = "$key $own" ] || bad "an envelope for another gateway"
    [ "$(member wrapped | wc -c)" -le 1001 ] || bad "envelope"
    member wrapped | base64 -d > "$work/wrapped" 2> /dev/null || bad "envelope"
    [ "$(base64 -w 0 < "$work/wrapped")" = "$(member wrapped)" ] || bad "envelope"
    openssl pkeyutl -decrypt -inkey "$work/key.pem" -in "$work/wrapped" -out "$work/keys" 2> /dev/null || bad "envelope"
    [ "$(wc -c < "$work/keys")" -eq 48 ] || bad "envelope"
    keys=$(od -An -v -tx1 "$work/keys" | tr -d ' \n')
    mac=$(bytes "$1" "$start" "$size" |
        openssl dgst -sm3 -mac HMAC -macopt "hexkey:$(printf %s "$keys" | cut -c 33-96)" -r | cut -c 1-64)
    [ "$mac" = "$(member mac)" ] || bad "envelope changed"
    first=$(bytes "$1" "$start" 16 | od -An -v -tx1 | tr -d ' \n')
    bytes "$1" $((start + 16)) $((size - 16)) |
        openssl enc -d -sm4-ctr -K "$(printf %s "$keys" | cut -c 1-32)" -iv "$first" > "$2"
    rm -f "$work/keys" "$work/key.der" "$work/key.pem"
}

# The manifest's own form: canonical JSON of exactly these members.
check_manifest() {
    text='"([^"\[:cntrl:]]|\\["\bfnrt]|\\u00[01][0-9a-f])*"'
    whole='(0|[1-9][0-9]{0,15})' some='[1-9][0-9]{0,15}' sm3='"[0-9a-f]{64}"'
    attachment="{\"name\":$text,\"size\":$whole,\"sm3\":$sm3}"
    record="{\"attachments\":\[($attachment(,$attachment)*)?\],\"authorisation\":(null|$text),\"form\":$text"
    record="$record,\"form_sm3\":$sm3,\"form_version\":$text,\"record\":$text"
    record="$record,\"submission\":{\"sha256\":$sm3,\"size\":$some,\"sm3\":$sm3},\"version\":$some}"
    stamp='"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z"'
    shape="{\"audit_head\":$sm3,\"clock_state\":\"(unverified|verified|wrong)\",\"created\":$stamp,\"device\":$text"
    shape="$shape,\"format\":\"xincai-manifest-1\",\"office\":$text,\"previous\":(null|$sm3),\"recipient\":$text"
    shape="$shape,\"records\":\[$record(,$record)*\],\"sequence\":$some,\"signer\":\"[0-9a-f]{16}\""
    shape="$shape,\"suite\":(\"Ed25519\"|\"SM2-SM3\",\"user_id\":\"1234567812345678\")}"
    [ "$(wc -l < "$1")" -eq 0 ] && grep -aEqx "$shape" "$1" || bad "manifest"
    LC_ALL=C.UTF-8 grep -aqx '.*' "$1" || bad "manifest"
    # one line for each record and each file; a quote inside a text is escaped, so these never stand in one
    sed -e 's/{"sha256":/\
&/g' -e 's/{"name":/\
&/g' "$1" > "$work/lines"
    sed -n 's/.*"size":\([0-9]*\),"sm3":"\([0-9a-f]*\)"}.*/\2 \1/p' "$work/lines" | sort -u > "$work/wanted"
    [ -z "$(cut -d ' ' -f 1 "$work/wanted" | uniq -d)" ] || bad "manifest"
    sed -n -e 's/.*,"record":\(".*"\),"submission":$/\1/p' -e 's/.*"},"version":\([0-9]*\)}.*/\1/p' "$work/lines" |
        paste -d ' ' - - | sort > "$work/records"
    [ -z "$(uniq -d "$work/records")" ] || bad "manifest"
    [ "$(wc -l < "$work/records")" -le 5000 ] || bad "manifest"
}

# Check one container: its order, its signature, its blobs. Adds "digest size" of each to $work/found.
check_container() {
    walk "$1" "$work/inside"
    archive=$1 before="" signed="" phase=manifest
    while read -r name start size; do
        case $phase,$name in
            manifest,manifest.json)
                [ "$size" -le 8388608 ] || bad "manifest"
                bytes "$archive" "$start" "$size" > "$work/manifest.json"
                if [ -f "$work/first.json" ]; then
                    [ "$(digest < "$work/manifest.json")" = "$batch" ] || bad "files of two batches"
                else
                    check_manifest "$work/manifest.json"
                    cp "$work/manifest.json" "$work/first.json"
                    batch=$(digest < "$work/manifest.json")
                    suite=$(sed 's/.*"suite":"\([^"]*\)".*/\1/' "$work/manifest.json")
                    signer=$(sed 's/.*"signer":"\([^"]*\)".*/\1/' "$work/manifest.json")
                    [ "$suite" = Ed25519 ] && suffix=ed25519 || suffix=sm2
                fi
                phase=signatures ;;
            signatures,manifest.*)
                key=${name#manifest.} key=${key%."$suffix"}
                [ ${#key} -eq 16 ] && [ "$name" = "manifest.$key.$suffix" ] && [ "$size" -le 200 ] || bad "name"
                case $key in *[!0-9a-f]*) bad "name" ;; esac
                [ "$(grep -c '^manifest' "$work/inside")" -le 9 ] || bad "too many signatures"
                if [ "$key" = "$signer" ]; then
                    bytes "$archive" "$start" "$size" > "$work/signature"
                    signed=yes
                fi ;;
            signatures,blobs/* | blobs,blobs/*)
                sm3=${name#blobs/}
                [ ${#sm3} -eq 64 ] && [ "$size" -le 67108864 ] || bad "name"
                grep -qx "$sm3 $size" "$work/wanted" || bad "a file that the manifest does not list"
                [ "$(bytes "$archive" "$start" "$size" | digest)" = "$sm3" ] || bad "a file was changed"
                echo "$sm3 $size" >> "$work/found"
                phase=blobs ;;
            *) bad "name" ;;
        esac
    done < "$work/inside"
    [ "$phase" = blobs ] || bad "no files"
    cut -d ' ' -f 1 "$work/inside" | sed 1d | sed 's/^blobs/n&/' | sort -C -u || bad "order"
    [ "$signed" = yes ] || bad "not signed"
    [ "$signer" = "$device_id" ] || bad "signed by another device"
    # openssl reads no more of a signature than the longest there is, and would not see what follows
    [ "$(wc -c < "$work/signature")" -le 72 ] || bad "signature"
    if [ "$suite" = Ed25519 ]; then
        openssl pkeyutl -verify -pubin -inkey "$device" -rawin -in "$work/manifest.json" \
            -sigfile "$work/signature" > /dev/null 2>&1 || bad "signature"
    else
        openssl dgst -sm3 -verify "$device" -sigopt distid:1234567812345678 -signature "$work/signature" \
            "$work/manifest.json" > /dev/null 2>&1 || bad "signature"
    fi
}

device="" identity=""
while getopts d:g: option; do
    case $option in
        d) device=$OPTARG ;;
        g) identity=$OPTARG ;;
        *) usage ;;
    esac
done
shift $((OPTIND - 1))
[ -n "$device" ] && [ $# -gt 0 ] || usage
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
device_id=$(openssl pkey -pubin -in "$device" -pubout -outform DER 2> /dev/null | digest | cut -c 1-16)
: > "$work/found"
for bundle in "$@"; do
    if [ "$(bytes "$bundle" 30 11 2> /dev/null | tr -d '\0')" = content.sm4 ]; then
        open_envelope "$bundle" "$work/opened.zip"
        check_container "$work/opened.zip"
        rm -f "$work/opened.zip"
    else
        check_container "$bundle"
    fi
done
sort -u "$work/found" > "$work/there"
[ -z "$(comm -23 "$work/wanted" "$work/there")" ] || bad "files are missing"
echo "good $batch records $(($(wc -l < "$work/records"))) files $(($(wc -l < "$work/wanted")))"
