# alarm, kill, and a grandchild that keeps the pipe of an open(... '-|').
use strict; use warnings; $| = 1;
my ($n, $s) = @ARGV; my $iv = ($ENV{INTERVAL_MS} // 0) / 1000; alarm($s + 60); my (@keep, @grand);
for (1 .. $n) {
    my $pid = open(my $out, '-|', 'sh', '-c', 'sleep 1000 & echo $!; wait') // die $!;
    my $line = <$out>; push @grand, $line + 0; kill 'KILL', $pid; waitpid $pid, 0; push @keep, $out;
    print "HOLDER pid=$grand[-1] role=grandchild\n"; select undef, undef, undef, $iv if $iv;
}
print "READY pid=$$\n"; my $end = time + $s; while ((my $l = $end - time) > 0) { sleep $l }
kill 'KILL', @grand;
