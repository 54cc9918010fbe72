# Sourced by deploy/cron, deploy/backup and deploy/restore: takes up the settings of newscrawl.env, which cron does not
# know. The file holds lines KEY=VALUE (deploy/newscrawl.env.sample); it is read, not run. What the environment has
# already stays. POSIX sh. Expects: root (the project's folder). To choose: NEWSCRAWL_ENV=FILE.

settings=${NEWSCRAWL_ENV:-$root/newscrawl.env}
if [ -r "$settings" ]; then
  while IFS= read -r line || [ -n "$line" ]; do
    name=${line%%=*}
    case $line in
      [A-Za-z_]*=*)
        case $name in *[!A-Za-z0-9_]*) continue ;; esac
        if ! printenv "$name" >/dev/null; then export "$name=${line#*=}"; fi
        ;;
    esac
  done <"$settings"
fi
