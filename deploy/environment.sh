# Sourced by deploy/newscrawl and deploy/test: finds Python, makes the virtual environment, installs what is listed.
# POSIX sh. Expects: root (the project's folder). Sets: venv, python (the one in the environment).
# To choose: PYTHON=python3.13 (interpreter), NEWSCRAWL_VENV=DIR (another place for the environment).

venv=${NEWSCRAWL_VENV:-$root/.venv}
case $venv in /*) ;; *) venv=$(pwd)/$venv ;; esac
python=$venv/bin/python
unset PYTHONHOME    # means another Python than ours
export PIP_USER=0   # an environment has no folder of the user's own

say() { printf '%s\n' "newscrawl: $*" >&2; }
die() { say "$*"; exit 1; }

first_suitable() { # first_suitable PYTHON...: print the first that runs and is new enough
  for candidate in "$@"; do
    if "$candidate" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      command -v "$candidate"
      return
    fi
  done
  return 1
}

find_python() {
  versions=${PYENV_ROOT:-${HOME-}/.pyenv}/versions # pyenv's own python3.13 works only where that version is chosen
  if [ -n "${PYTHON-}" ]; then
    first_suitable "$PYTHON" "$versions"/*/bin/"$PYTHON" ||
      die "PYTHON=$PYTHON is no Python 3.11 or newer that can be run here"
    return
  fi
  first_suitable python3 python3.14 python3.13 python3.12 python3.11 "$versions"/*/bin/python3 ||
    die "no Python 3.11 or newer was found; install one (Debian, Ubuntu: apt-get install python3 python3-venv; macOS: brew install python) or name it: PYTHON=/path/to/python3"
}

apt_install() { # apt_install PACKAGE...: for root on Debian or Ubuntu; fails elsewhere
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >&2
}

has_venv_module() { "$1" -I -c 'import ensurepip, venv' 2>/dev/null; }

need_venv_module() { # python3-venv is a package of its own on Debian and Ubuntu
  has_venv_module "$1" && return
  package=$("$1" -I -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
  if ! command -v apt-get >/dev/null 2>&1; then
    die "$1 lacks its venv module: install it with the system's package manager, or name another Python: PYTHON=/path/to/python3"
  fi
  [ "$(id -u)" = 0 ] || die "$1 lacks its venv module; type: sudo apt-get install $package"
  if [ -t 0 ]; then
    printf 'newscrawl: %s lacks its venv module. Install %s with apt-get? [Y/n] ' "$1" "$package" >&2
    read -r answer || answer=n
    case $answer in [nN]*) die "stopped; to install it yourself: apt-get install $package" ;; esac
  fi
  apt_install "$package" || die "could not install $package; try: apt-get update && apt-get install $package"
  has_venv_module "$1" || die "$1 lacks its venv module and $package did not bring it; name another Python: PYTHON=/usr/bin/python3"
}

usable() { "$python" -I -c 'import pip' 2>/dev/null; } # not so when its Python is gone, was replaced, or half made

holder_died() { # killed: `kill -0` finds no process; or before it could write its number down
  [ -w "$venv.lock" ] || return 1 # another user's
  if [ -n "$holder" ]; then ! kill -0 "$holder" 2>/dev/null; else [ "$tries" -gt 10 ]; fi
}

lock_environment() { # two commands at once (cron and you) must not build the same environment
  mkdir -p "$(dirname "$venv")" 2>/dev/null || true
  tries=0
  until why=$(mkdir "$venv.lock" 2>&1); do
    tries=$((tries + 1))
    if [ ! -d "$venv.lock" ]; then # nobody holds it, and yet it cannot be made
      [ "$tries" -lt 5 ] || die "cannot write beside $venv ($why); take another place: NEWSCRAWL_VENV=DIR"
      continue
    fi
    holder=$(cat "$venv.lock/pid" 2>/dev/null || true)
    if holder_died && mv "$venv.lock" "$venv.lock.$$" 2>/dev/null; then
      rm -rf "$venv.lock.$$"
      continue
    fi
    [ "$tries" != 2 ] || say "waiting for another command (process ${holder:-unknown}) that makes the environment"
    [ "$tries" -lt 900 ] || die "another command has been installing for 15 minutes; if none is: rm -r '$venv.lock'"
    sleep 1
  done
  trap 'rm -rf "$venv.lock"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  echo $$ >"$venv.lock/pid"
}

make_environment() { # make_environment FILE...: with the lock held
  base=$(find_python) || exit 1
  if ! usable; then
    need_venv_module "$base"
    say "making $venv (once)"
    "$base" -I -m venv --clear "$venv" >&2 || die "could not make $venv"
  fi
  say "installing the packages of $* (a minute or two)"
  arguments=
  for file in "$@"; do arguments="$arguments -r $file"; done
  # shellcheck disable=SC2086 # the words are meant to be split: one -r FILE each
  (cd "$root" && "$python" -I -m pip install --quiet --disable-pip-version-check $arguments) >&2 ||
    die "the installation failed (see above); check the network and try again"
}

warn_of_another_python() { # where PYTHON names one and the environment has been made with another
  [ -n "${PYTHON-}" ] || return 0
  base=$(find_python) || return 0 # which has said why
  version='import sys; print("%d.%d" % sys.version_info[:2])'
  made=$("$python" -I -c "$version")
  [ "$made" = "$("$base" -I -c "$version")" ] ||
    say "PYTHON=$PYTHON is not used: $venv has Python $made; for a second environment: NEWSCRAWL_VENV=DIR"
}

# ensure_environment NAME FILE...: the environment holds what the requirement files list (their paths are relative to
# $root); NAME is for the stamp.
ensure_environment() {
  stamp=$venv/.installed-$1; shift
  wanted=$(cd "$root" && cat "$@" | cksum)
  if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && usable; then
    warn_of_another_python
    return
  fi
  lock_environment
  if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || ! usable; then
    make_environment "$@"
    printf '%s' "$wanted" >"$stamp"
  fi
  rm -rf "$venv.lock"
  trap - EXIT INT TERM
}
