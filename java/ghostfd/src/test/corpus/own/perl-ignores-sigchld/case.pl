# The innocent twin: with SIGCHLD ignored the kernel reaps.
use strict; use warnings; $| = 1; $SIG{CHLD} = 'IGNORE';
my ($n, $s) = @ARGV; alarm($s + 60);
for (1 .. $n) { my $pid = fork // die $!; if (!$pid) { exec 'true' } }
print "READY pid=$$\n"; my $end = time + $s; while ((my $l = $end - time) > 0) { sleep $l }
