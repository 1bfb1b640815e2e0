# fork and exec without waitpid.
use strict; use warnings; $| = 1;
my ($n, $s) = @ARGV; my $iv = ($ENV{INTERVAL_MS} // 0) / 1000; alarm($s + 60);
for (1 .. $n) { my $pid = fork // die $!; if (!$pid) { exec 'true' } select undef, undef, undef, $iv if $iv }
print "READY pid=$$\n"; my $end = time + $s; while ((my $l = $end - time) > 0) { sleep $l }
