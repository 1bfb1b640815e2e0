/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution;

import dev.ghostfd.leak.Rule;

/** What to change in the code, in the words of its language. The one place for all of it; {@link Rule#hint} is what holds in any. */
public final class Hints {
    private Hints() {}

    /** What the rule's finding asks for in a program of this language. */
    public static String of(Rule rule, Language language) {
        String special = inLanguage(rule, language);
        return special.isEmpty() ? rule.hint() : rule.hint() + " " + special;
    }

    private static String inLanguage(Rule rule, Language language) {
        return switch (rule) {
            case ORPHANED_PIPE -> orphanedPipe(language);
            case ORPHANED_SOCKET -> orphanedSocket(language);
            case ORPHANED_PTY -> orphanedPty(language);
            case DEAD_PIDFD -> deadPidfd(language);
            case OUTLIVES_CHILD -> outlivesChild(language);
            case INHERITED_PIPE -> inheritedPipe(language);
            case GROWTH -> growth(language);
            case UNREAPED_CHILD -> unreapedChild(language);
            /* Its holder did nothing wrong, and in which language its maker was written is not known here. */
            case STRAY_INHERITED -> "";
        };
    }

    private static String orphanedPipe(Language language) {
        return switch (language) {
            case GO ->
                "Go: call Cmd.Wait once StdoutPipe has been read to its end: it closes the pipes, "
                        + "Process.Wait does not. What os.Pipe made needs Close.";
            case PYTHON ->
                "Python: use \"with Popen(...)\" or communicate(); after wait() or poll() close stdin, stdout "
                        + "and stderr; in multiprocessing call close() after join(), and drop a Pool that has ended.";
            case NODE -> "Node.js: read the streams of the child to their end, or destroy() them.";
            case JVM ->
                "JVM: close all three streams of every Process in a try-with-resources, also of each that "
                        + "ProcessBuilder.startPipeline returns.";
            case RUBY ->
                "Ruby: use the block form of IO.popen and Open3, or close each IO; close both ends of " + "IO.pipe.";
            case RUST ->
                "Rust: use wait_with_output(), or drop ChildStdin, ChildStdout and ChildStderr when the child "
                        + "is done.";
            case PERL ->
                "Perl: close the handle of open(\"-|\"), which waits too; after open3 close all three handles "
                        + "and call waitpid.";
            case SHELL -> "Shell: close what \"exec {fd}<\" or a coproc opened: exec {fd}<&-";
            case NATIVE -> "C: close() the parent's end after waitpid(); what popen() made needs pclose().";
            default -> "";
        };
    }

    private static String orphanedSocket(Language language) {
        return switch (language) {
            case GO -> "Go: Close the connection or os.File of the socketpair after Wait.";
            case PYTHON ->
                "Python: close() the socket, or the Connection of multiprocessing, when the worker has ended: "
                        + "join() does not.";
            case NODE ->
                "Node.js: pipes to children are socketpairs: read child.stdout and stderr to their end or "
                        + "destroy() them, and disconnect() the IPC channel.";
            case RUBY -> "Ruby: close your end of UNIXSocket.pair after Process.wait.";
            case RUST -> "Rust: drop your UnixStream of the pair when the worker has ended.";
            case PERL -> "Perl: close your handle of socketpair when the worker has been waited for.";
            case NATIVE -> "C: close() your end of socketpair() after waitpid().";
            default -> "";
        };
    }

    private static String orphanedPty(Language language) {
        return switch (language) {
            case GO -> "Go: Close the file that pty.Start returned after Wait.";
            case PYTHON ->
                "Python: os.close() the master of pty.fork() and openpty(); with pexpect call close(), "
                        + "terminate() does not.";
            case NODE -> "Node.js: call destroy() on the terminal of node-pty: kill() leaves its master open.";
            case RUBY -> "Ruby: close both IOs that PTY.spawn returned.";
            case RUST -> "Rust: drop the master when the session ends.";
            case PERL -> "Perl: close the IO::Pty when the session ends.";
            case NATIVE -> "C: close() the master of forkpty() or openpty() after waitpid().";
            default -> "";
        };
    }

    private static String deadPidfd(Language language) {
        return switch (language) {
            case GO -> "Go: call Wait or Release on every os.Process, also on those of os.FindProcess.";
            case PYTHON -> "Python: os.close() what os.pidfd_open() returned.";
            case RUST -> "Rust: drop the PidFd when the child has been waited for.";
            case NATIVE -> "C: close() what pidfd_open() and CLONE_PIDFD gave, after waitid(P_PIDFD).";
            default -> "";
        };
    }

    private static String outlivesChild(Language language) {
        return switch (language) {
            case GO ->
                "Go: Close the os.File given to Cmd.Stdin, Stdout or Stderr right after Start: only what Cmd "
                        + "itself opened is closed for you.";
            case PYTHON ->
                "Python: close the file or end of os.pipe() passed as stdin, stdout or stderr right after " + "Popen.";
            case NODE -> "Node.js: fs.closeSync() the number passed in stdio right after spawn.";
            case RUBY -> "Ruby: close the IO passed as in:, out: or err: right after spawn.";
            case RUST -> "Rust: drop the Command after spawn(): it keeps the File or pipe that Stdio::from took.";
            case PERL -> "Perl: close the handle in the parent right after fork.";
            case SHELL -> "Shell: redirect the command itself (command >file), or close with exec {fd}>&-";
            case NATIVE -> "C: close() the child's end in the parent right after fork() or posix_spawn().";
            default -> "";
        };
    }

    private static String inheritedPipe(Language language) {
        return switch (language) {
            case GO ->
                "Go: set Cmd.WaitDelay; on a timeout kill the process group (SysProcAttr.Setpgid, kill of " + "-pid).";
            case PYTHON ->
                "Python: start_new_session=True, and os.killpg() on a timeout: subprocess.run(timeout=...) "
                        + "kills the child only. Leave close_fds as it is.";
            case NODE ->
                "Node.js: go by \"exit\" instead of \"close\" and destroy() the streams; with detached: true "
                        + "the whole group can be killed.";
            case JVM ->
                "JVM: destroy process.descendants() as well, and redirect the output of what goes on to a " + "file.";
            case RUBY -> "Ruby: spawn with pgroup: true and kill the group; leave close_others as it is.";
            case RUST -> "Rust: CommandExt::process_group(0), and kill the group on a timeout.";
            case PERL -> "Perl: call setpgrp in the child and kill the group; leave $^F as it is.";
            case SHELL -> "Shell: redirect what goes on in the background: command >/dev/null 2>&1 &";
            case NATIVE -> "C: make pipes with pipe2(O_CLOEXEC), and kill the process group (setpgid, kill of -pid).";
            default -> "";
        };
    }

    private static String growth(Language language) {
        return switch (language) {
            case GO -> "Go: defer Close where it is opened, response bodies included.";
            case PYTHON -> "Python: open in a with statement, so that exceptions close too.";
            case NODE -> "Node.js: destroy() sockets and streams in their error paths as well.";
            case JVM ->
                "JVM: use try-with-resources, also for selectors, channels, HTTP clients and Files.list; each "
                        + "client made for one request keeps its selector.";
            case RUBY -> "Ruby: use the block form of File.open and its like.";
            case RUST -> "Rust: look for values that a growing collection keeps, and for into_raw_fd and mem::forget.";
            case PERL -> "Perl: use lexical handles (open my $fh), and close them.";
            case SHELL -> "Shell: close what \"exec {fd}<\" opened: exec {fd}<&-";
            case NATIVE -> "C: close() on every path out of the function, those of errors first.";
            default -> "";
        };
    }

    private static String unreapedChild(Language language) {
        return switch (language) {
            case GO -> "Go: call Cmd.Wait after every Start, in a goroutine if nobody waits for the result.";
            case PYTHON ->
                "Python: call wait() or communicate(), or use \"with Popen(...)\"; join() what "
                        + "multiprocessing started.";
            case NODE ->
                "Node.js: it reaps what child_process started: look for a native module that forks, or run "
                        + "the container with an init (docker run --init).";
            case JVM ->
                "JVM: it reaps what ProcessBuilder started: as the first process of a container it needs an "
                        + "init in front (docker run --init).";
            case RUBY -> "Ruby: call Process.wait, or Process.detach(pid) right after spawn.";
            case RUST -> "Rust: call wait() on every Child: dropping it does not.";
            case PERL -> "Perl: call waitpid, or set $SIG{CHLD} = \"IGNORE\".";
            case SHELL ->
                "Shell: as the first process of a container it needs an init in front (docker run --init); or "
                        + "exec the last command.";
            case NATIVE ->
                "C: loop over waitpid(-1, ..., WNOHANG) on SIGCHLD, or set SA_NOCLDWAIT; popen() needs " + "pclose().";
            default -> "";
        };
    }
}
