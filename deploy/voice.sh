#!/bin/sh
# Makes the clips in static/audio anew, all of them or those named: deploy/voice.sh [id/digit-4 …]
# Needs espeak-ng, sox and lame on the machine it runs on; the portal itself needs none of them.
set -eu

cd "$(dirname "$0")/.."
out=static/audio
rate=22050
loudness=-20 # dB RMS of each clip, so that none is quieter than its neighbour
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# Words the synthesiser reads with the wrong e, by their sounds; in Indonesian both are written e.
indonesian() {
    sed -E "s/keempat/[[k@?@mp'at]]/; s/\<empat\>/[[@mp'at]]/; s/\<enam\>/[[@n'am]]/
        s/\<sebelas\>/[[s@b@l'as]]/; s/\<belas\>/[[b@l'as]]/
        s/^(be|ce|de|ge|je|pe|te|ve|we|ye)$/[[\1]]/; s/^\[\[ce\]\]$/[[tSe]]/; s/^\[\[je\]\]$/[[dZe]]/
        s/^\[\[ye\]\]$/[[je]]/"
}

# What ends a sentence falls, what is followed by more words stays up.
ending() {
    case $1 in */count-*) printf . ;; *) printf , ;; esac
}

wav() { # clip words
    case $1 in
        id/*) printf '%s%s' "$(printf %s "$2" | indonesian)" "$(ending "$1")" ;;
        en/letter-*) printf '%s%s' "$(printf %s "${1#en/letter-}" | tr a-z A-Z)" "$(ending "$1")" ;;
        *) printf '%s%s' "$2" "$(ending "$1")" ;;
    esac | espeak-ng -v "$3" -s 140 -p 45 -a 90 --stdin --stdout
}

encode() { # from clip: equally loud, and with a breath after each word
    level=$(sox "$1" -n stats 2>&1 | awk '/^RMS lev dB/ { print $4 }')
    gain=$(awk -v is="$level" -v want="$loudness" 'BEGIN { print want - is }')
    sox "$1" -b 16 "$tmp/ready.wav" gain -l "$gain" pad 0.01 0.05
    mkdir -p "$out/$(dirname "$2")"
    lame --quiet -m m -b 32 -q 2 "$tmp/ready.wav" "$out/$2.mp3"
}

speak() { # clip words
    case $1 in id/*) voice=id ;; *) voice=en-gb ;; esac
    wav "$1" "$2" "$voice" >"$tmp/said.wav"
    sox "$tmp/said.wav" -r $rate "$tmp/cut.wav" highpass 90 \
        silence 1 0.005 0.4% fade 0.004 reverse silence 1 0.005 0.4% fade 0.01 reverse
    encode "$tmp/cut.wav" "$1"
}

# Two soft notes, a fifth apart and falling: sine tones that die away.
chime() {
    for note in 784 523; do
        sox -n -r $rate -c 1 "$tmp/$note.wav" synth 1.1 sine $note sine $((note * 2)) \
            remix 1v0.8,2v0.12 fade l 0.01 1.1 1.05
    done
    sox "$tmp/523.wav" "$tmp/later.wav" pad 0.38
    sox -m "$tmp/784.wav" "$tmp/later.wav" "$tmp/cut.wav"
    encode "$tmp/cut.wav" chime
}

python3 -c 'from hall import voice; [print(f"{c}\t{w}") for c, w in voice.CLIPS.items()]' |
    while IFS="$(printf '\t')" read -r clip words; do
        case " $* " in "  " | *" $clip "*) ;; *) continue ;; esac
        if [ "$clip" = chime ]; then chime; else speak "$clip" "$words"; fi
    done
