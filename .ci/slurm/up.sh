#!/usr/bin/env bash
# up.sh DIR: starts a private SLURM cluster of two one-core nodes, n1 and n2, on the loopback interface, for tests.
# It writes nothing outside DIR. Then ". DIR/env" points sbatch and the others at it, and down.sh DIR ends it.
# Partition work may be pre-empted by partition urgent, with requeue. Debian's packages are installed where they are missing.
set -euo pipefail

dir=${1:?usage: up.sh DIR}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
port=${SLURM_CHECK_PORT:-27400}
[[ $dir =~ ^[A-Za-z0-9/._-]+$ ]] || { echo "up.sh: $dir: slurm.conf cannot hold such a path; take one without spaces" >&2; exit 1; }
[ ! -e "$dir/daemons" ] || { echo "up.sh: a cluster was started in $dir already; down.sh $dir ends it" >&2; exit 1; }

missing=()
for pair in munged:munge slurmctld:slurmctld slurmd:slurmd sbatch:slurm-client; do
    command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
if [ "${#missing[@]}" -gt 0 ]; then
    admin=()
    [ "$(id -u)" -eq 0 ] || admin=(sudo)
    echo "up.sh: installing ${missing[*]}" >&2
    "${admin[@]}" apt-get update -qq
    "${admin[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >"$dir/apt.log" 2>&1 || { tail -5 "$dir/apt.log" >&2; exit 1; }
fi

# munge wants folders that nobody else can write, and its socket in one that everybody can enter
mkdir -p "$dir"/{key,socket,state,spool,log}
chmod 755 "$dir" "$dir"/{socket,state,spool,log}
chmod 700 "$dir/key"
(umask 077 && head -c 256 /dev/urandom >"$dir/key/munge.key")
: >"$dir/daemons"

user=$(id -un)
memory=$(awk '/^MemTotal/ { print int($2 / 1024 / 2 * 0.9) }' /proc/meminfo)
cat >"$dir/slurm.conf" <<CONF
ClusterName=check
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=$port
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
# a requeued job waits until its old credential has expired: 120 s by default
AuthInfo=socket=$dir/socket/munge,cred_expire=5
CredType=cred/munge
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool/%n
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd-%n.pid
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd-%n.log
# a container seldom allows control groups or pinning
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SlurmdParameters=config_overrides
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
AccountingStorageType=accounting_storage/none
# a lost node is noticed in seconds, and comes back when its daemon does
SlurmdTimeout=10
MessageTimeout=5
ReturnToService=2
KillWait=20
MinJobAge=900
MaxArraySize=${SLURM_CHECK_MAX_ARRAY:-1001}
JobRequeue=1
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
NodeName=n1 NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=1 RealMemory=$memory
NodeName=n2 NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=1 RealMemory=$memory
PartitionName=work Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP PriorityTier=1
PartitionName=urgent Nodes=n1,n2 MaxTime=INFINITE State=UP PriorityTier=9 PreemptMode=OFF
CONF
# slurmd 23.02 and later look for control groups unless they are told not to; 22.05 does not know the word
case $(slurmd -V) in
    *\ 1?.* | *\ 2[0-2].*) ;;
    *) echo "CgroupPlugin=disabled" >"$dir/cgroup.conf" ;;
esac
printf 'export SLURM_CONF=%q\n' "$dir/slurm.conf" >"$dir/env"
. "$dir/env"

start() { "$here/daemon.sh" "$dir" "$@"; }
until_true() { # seconds, what, command...
    local end=$((SECONDS + $1)) what=$2
    shift 2
    until timeout 5 "$@" >/dev/null 2>&1; do
        if [ "$SECONDS" -ge "$end" ]; then
            echo "up.sh: $what did not come up; the ends of the logs:" >&2
            tail -n 5 "$dir"/log/* >&2
            exit 1
        fi
        sleep 0.2
    done
}

start munged munged --foreground --key-file="$dir/key/munge.key" --socket="$dir/socket/munge" \
    --pid-file="$dir/key/munged.pid" --log-file="$dir/key/munged.log" --seed-file="$dir/key/munged.seed"
until_true 15 munged munge -n -S "$dir/socket/munge"
start slurmctld slurmctld -D
until_true 30 slurmctld scontrol ping
start slurmd-n1 slurmd -D -N n1
start slurmd-n2 slurmd -D -N n2
until_true 30 "a node" sh -c '[ "$(sinfo -h -N -p work -t idle -o %N | sort -u | wc -l)" -eq 2 ]'
echo "up.sh: two nodes are idle; . $dir/env"
