# The same with fork and exec: the handle that was meant for the child stays with the parent.
use strict; use warnings; use File::Temp 'tempfile'; $| = 1;
my ($n, $s) = @ARGV; my $iv = ($ENV{INTERVAL_MS} // 0) / 1000; alarm($s + 60); my @keep;
for (1 .. $n) {
    my $log = tempfile(UNLINK => 1); my $pid = fork // die $!;
    if (!$pid) { open STDOUT, '>&', $log or die $!; exec 'echo', 'hi' }
    waitpid $pid, 0; push @keep, $log; select undef, undef, undef, $iv if $iv;
}
print "READY pid=$$\n"; my $end = time + $s; while ((my $l = $end - time) > 0) { sleep $l }
