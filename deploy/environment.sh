# Sourced by deploy/newscrawl and deploy/test: finds Python, makes the virtual environment, installs what is listed.
# POSIX sh. Expects: root (the project's folder). Sets: venv, python (the one in the environment).
# To choose: PYTHON=python3.13 (interpreter), NEWSCRAWL_VENV=DIR (another place for the environment).

venv=${NEWSCRAWL_VENV:-$root/.venv}
python=$venv/bin/python

say() { printf '%s\n' "newscrawl: $*" >&2; }
die() { say "$*"; exit 1; }

find_python() {
  for candidate in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  die "no Python 3.11 or newer was found; install one (Debian, Ubuntu: apt-get install python3 python3-venv; macOS: brew install python) or name it: PYTHON=/path/to/python3"
}

apt_install() { # apt_install PACKAGE...: for root on Debian or Ubuntu; fails elsewhere
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >&2
}

need_venv_module() { # python3-venv is a package of its own on Debian and Ubuntu
  "$1" -c 'import ensurepip, venv' 2>/dev/null && return
  package=$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    if [ -t 0 ]; then
      printf 'newscrawl: Python lacks its venv module. Install %s with apt-get? [Y/n] ' "$package" >&2
      read -r answer
      case $answer in [nN]*) die "stopped; to install it yourself: apt-get install $package" ;; esac
    fi
    apt_install "$package" || die "could not install $package; try: apt-get update && apt-get install $package"
  else
    die "Python lacks its venv module; type: sudo apt-get install $package"
  fi
}

lock_environment() { # two commands at once (cron and you) must not build the same environment
  tries=0
  until mkdir "$venv.lock" 2>/dev/null; do
    holder=$(cat "$venv.lock/pid" 2>/dev/null || true)
    if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; then
      rm -rf "$venv.lock" # its holder died
      continue
    fi
    tries=$((tries + 1))
    [ "$tries" -lt 900 ] || die "another command has been installing for 15 minutes; if none is: rm -r $venv.lock"
    sleep 1
  done
  echo $$ >"$venv.lock/pid"
  trap 'rm -rf "$venv.lock"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

# ensure_environment NAME FILE...: the environment holds what the requirement files list (their paths are relative to
# $root); NAME is for the stamp.
ensure_environment() {
  stamp_name=$1; shift
  wanted=$(cd "$root" && cat "$@" | cksum)
  stamp=$venv/.installed-$stamp_name
  if [ -x "$python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && "$python" -c '' 2>/dev/null; then
    return
  fi
  lock_environment
  if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || ! "$python" -c '' 2>/dev/null; then
    base=$(find_python) || exit 1
    need_venv_module "$base"
    if ! "$python" -c '' 2>/dev/null; then
      say "making $venv (once)"
      "$base" -m venv --clear "$venv" || die "could not make $venv"
    fi
    say "installing what ${*##*/} lists (a minute or two)"
    arguments=
    for file in "$@"; do arguments="$arguments -r $file"; done
    # shellcheck disable=SC2086 # the words are meant to be split: one -r FILE each
    (cd "$root" && "$python" -m pip install --quiet --disable-pip-version-check $arguments) >&2 ||
      die "the installation failed (see above); check the network and try again"
    printf '%s' "$wanted" >"$stamp"
  fi
  rm -rf "$venv.lock"
  trap - EXIT INT TERM
}
