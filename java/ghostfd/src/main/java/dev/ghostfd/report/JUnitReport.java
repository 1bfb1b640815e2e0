/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.report;

import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * A test suite as Surefire writes it (surefire-test-report.xsd), which every CI reads: one test case for each problem, or one
 * that passes where there is none.
 */
public final class JUnitReport {
    private static final String SUITE = "ghostfd";

    private JUnitReport() {}

    /** Writes the document in UTF-8; the stream stays open. */
    public static void write(RunReport report, OutputStream out) throws XMLStreamException {
        XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out, "UTF-8");
        List<Problem> problems = report.problems();
        long failures = problems.stream().filter(Problem::isFailure).count();
        xml.writeStartDocument("UTF-8", "1.0");
        xml.writeCharacters("\n");
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", SUITE);
        xml.writeAttribute("time", time(report.seconds()));
        xml.writeAttribute("tests", Integer.toString(Math.max(1, problems.size())));
        xml.writeAttribute("errors", "0");
        xml.writeAttribute("skipped", Long.toString(problems.size() - failures));
        xml.writeAttribute("failures", Long.toString(failures));
        properties(report, xml);
        for (Problem problem : problems) {
            testCase(problem, xml);
        }
        if (problems.isEmpty()) {
            startTestCase("descriptor-leaks", "none found", xml);
            xml.writeEndElement();
        }
        xml.writeEndElement();
        xml.writeEndDocument();
        xml.flush();
    }

    private static void properties(RunReport report, XMLStreamWriter xml) throws XMLStreamException {
        xml.writeStartElement("properties");
        property("command", String.join(" ", report.command()), xml);
        property("exitCode", Integer.toString(report.commandExit()), xml);
        for (String warning : report.warnings()) {
            property("warning", warning, xml);
        }
        xml.writeEndElement();
    }

    private static void property(String name, String value, XMLStreamWriter xml) throws XMLStreamException {
        xml.writeEmptyElement("property");
        xml.writeAttribute("name", name);
        xml.writeAttribute("value", printable(value));
    }

    private static void startTestCase(String rule, String name, XMLStreamWriter xml) throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("name", printable(name));
        xml.writeAttribute("classname", SUITE + "." + rule);
        xml.writeAttribute("time", time(0));
    }

    private static void testCase(Problem problem, XMLStreamWriter xml) throws XMLStreamException {
        startTestCase(problem.rule(), problem.title(), xml);
        if (problem.isFailure()) {
            xml.writeStartElement("failure");
            xml.writeAttribute("message", printable(problem.title()));
            xml.writeAttribute("type", problem.rule());
            xml.writeCharacters(printable(String.join("\n", problem.instances()) + "\n" + problem.hint()));
        } else {
            xml.writeStartElement("skipped");
            xml.writeAttribute("message", problem.accepted() ? "accepted by the baseline" : "only reported");
            xml.writeCharacters(printable(String.join("\n", problem.instances())));
        }
        xml.writeEndElement();
        xml.writeEndElement();
    }

    private static String time(double seconds) {
        return String.format(Locale.ROOT, "%.3f", seconds);
    }

    /** What XML 1.0 cannot hold, however escaped: a process may call itself anything. */
    private static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c == '\n' || c == '\t' || c >= ' ' && (c < 0xD800 || c > 0xDFFF) && c != 0xFFFE && c != 0xFFFF
                        ? c
                        : '?')
                .forEach(printable::appendCodePoint);
        return printable.toString();
    }
}
