# $^F raised, so that perl does not set close-on-exec: a daemon keeps both ends of another child's pipe.
use strict; use warnings; $| = 1;
my ($n, $s) = @ARGV; my $iv = ($ENV{INTERVAL_MS} // 0) / 1000; alarm($s + 60); my @daemons;
for (1 .. $n) {
    pipe(my $tell, my $told) or die $!; my $maker = fork // die $!;
    if (!$maker) {
        close $tell; { local $^F = 1000; pipe(R, W) or die $! }
        my $d = fork // die $!;
        if (!$d) { open STDOUT, '>', '/dev/null'; exec 'sleep', '1000' }
        my $c = fork // die $!;
        if (!$c) { open STDOUT, '>&', \*W; close R; close W; exec 'true' }
        close W; waitpid $c, 0; syswrite $told, "$d\n"; exit 0;
    }
    close $told; my $line = <$tell>; push @daemons, $line + 0; waitpid $maker, 0;
    print "HOLDER pid=$daemons[-1] role=stranger\n"; select undef, undef, undef, $iv if $iv;
}
print "READY pid=$$\n"; my $end = time + $s; while ((my $l = $end - time) > 0) { sleep $l }
kill 'KILL', @daemons;
