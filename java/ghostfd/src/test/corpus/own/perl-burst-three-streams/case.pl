# open3 in a burst; the handles of N children are kept after waitpid.
use strict; use warnings; use IPC::Open3; use Symbol 'gensym'; use Time::HiRes qw(time sleep); $| = 1;
my ($n, $s) = @ARGV; my $iv = ($ENV{INTERVAL_MS} // 0) / 1000; alarm($s + 60); my @keep;
sub spawn { my @h = (gensym, gensym, gensym); my $pid = open3(@h, 'true'); waitpid $pid, 0; return @h }
my $end = time + 3; while (time < $end) { my @h = spawn(); close $_ for @h; sleep 0.005 }
for (1 .. $n) { push @keep, spawn(); select undef, undef, undef, $iv if $iv }
print "READY pid=$$\n"; $end = time + $s; while ((my $l = $end - time) > 0) { sleep $l }
