/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli.top;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PainterTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Painter PAINTER = new Painter(true, "http://node:10024");
    private final Screen screen =
            new Screen(View.PROCESSES, View.PROCESSES.sorts().get(0), "");

    private static JsonNode process(int pid, String comm) {
        return JSON.createObjectNode().put("pid", pid).put("comm", comm).put("open", 5);
    }

    private static Optional<Look> look(JsonNode... rows) {
        return Optional.of(new Look(View.PROCESSES, rows.length, List.of(rows), 3, 0, ""));
    }

    private List<String> paint(Optional<Look> look, int columns, int lines) {
        return PAINTER.paint(screen, look, "", columns, lines).stream()
                .map(AttributedString::toString)
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"1,1", "10,2", "40,5", "80,24", "200,60", "500,100"})
    void fillsAnySizeExactly(int columns, int lines) {
        JsonNode[] rows = IntStream.range(0, 300)
                .mapToObj(pid -> process(pid, "目录-long-name-" + pid))
                .toArray(JsonNode[]::new);
        assertThat(PAINTER.paint(screen, look(rows), "", columns, lines))
                .hasSize(lines)
                .allSatisfy(line -> assertThat(line.columnLength()).isLessThanOrEqualTo(columns));
        screen.press(new Key(Key.Name.TEXT, "?"));
        assertThat(PAINTER.paint(screen, look(rows), "", columns, lines)).hasSize(lines);
    }

    @Test
    void printsNoControlCharacterThatAProcessHasInItsName() {
        assertThat(paint(look(process(1, "a\033[2Jb\u202ec\n")), 80, 10))
                .anySatisfy(line -> assertThat(line).contains("a?[2Jb?c?"))
                .noneMatch(line -> line.codePoints().anyMatch(Character::isISOControl));
    }

    @Test
    void showsADashForWhatIsNotKnown() {
        assertThat(paint(look(process(1, "one")), 80, 10))
                .anySatisfy(line -> assertThat(line).matches(" +1 one +5 +- +- .*"));
    }

    @Test
    void filtersByAnyColumnWithoutRegardToCase() {
        for (String letter : List.of("/", "T", "W")) {
            screen.press(new Key(Key.Name.TEXT, letter));
        }
        List<String> lines = paint(look(process(1, "one"), process(2, "two")), 80, 10);
        assertThat(lines).noneMatch(line -> line.contains(" one ")).anyMatch(line -> line.contains(" two "));
        assertThat(screen.query().limit()).as("the filter must see all").isEqualTo(10_000);
        screen.press(new Key(Key.Name.TEXT, "q"));
        assertThat(screen.filter()).as("q is a letter here").isEqualTo("TWq");
        screen.press(new Key(Key.Name.BACKSPACE, ""));
        screen.press(new Key(Key.Name.ENTER, ""));
        assertThat(screen.press(new Key(Key.Name.TEXT, "q"))).isFalse();
    }

    @Test
    void scrollsNoFurtherThanTheLastRow() {
        JsonNode[] rows = IntStream.range(0, 30)
                .mapToObj(pid -> process(pid, "p" + pid + "."))
                .toArray(JsonNode[]::new);
        paint(look(rows), 80, 14);
        screen.press(new Key(Key.Name.END, ""));
        screen.press(new Key(Key.Name.DOWN, ""));
        assertThat(paint(look(rows), 80, 14))
                .anyMatch(line -> line.contains("p29."))
                .anyMatch(line -> line.contains("p20."))
                .noneMatch(line -> line.contains("p19."));
    }

    @Test
    void saysWhyNotAllCanBeReliedOn() {
        Look healing = new Look(View.PROCESSES, 0, List.of(), 0, 7, "events lost, healing");
        assertThat(paint(Optional.of(healing), 120, 10))
                .anyMatch(line -> line.contains("not all can be relied on: events lost, healing"))
                .anyMatch(line -> line.contains("7 events lost"));
    }
}
