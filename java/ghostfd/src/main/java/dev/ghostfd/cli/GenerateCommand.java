/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code ghostfd generate FOLDER}: writes the manual pages and the completion scripts, made from the same declarations as
 * the help texts. {@code scripts/install} runs it.
 */
@Command(name = "generate", hidden = true, description = "Writes manual pages and shell completion.")
final class GenerateCommand implements Callable<Integer> {
    private static final String NAME = "ghostfd";
    /** zsh finds this file by itself in its list of folders; it runs bash's script, in a dialect that lacks one word. */
    private static final String ZSH_HEAD = "#compdef ghostfd\n(( $+functions[compopt] )) || compopt() { : }\n";

    private static final String ZSH_CALL = "\n_bash_complete -o default -F _complete_ghostfd\n";

    @Parameters(paramLabel = "FOLDER", description = "Where to write them.")
    private Path folder;

    @Override
    public Integer call() throws IOException {
        CommandLine whole = CommandTree.whole();
        Files.createDirectories(folder);
        for (CommandLine command : whole.getSubcommands().values()) {
            if (!command.getCommandSpec().usageMessage().hidden()) {
                write(NAME + "-" + command.getCommandName() + ".1", ManualPage.of(command));
            }
        }
        write(NAME + ".1", ManualPage.of(whole));
        String bash = AutoComplete.bash(NAME, whole);
        write(NAME + ".bash", bash);
        write("_" + NAME, ZSH_HEAD + bash + ZSH_CALL);
        return 0;
    }

    private void write(String file, String content) throws IOException {
        Files.writeString(folder.resolve(file), content);
    }
}
