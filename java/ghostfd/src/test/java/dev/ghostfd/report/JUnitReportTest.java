/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * A suite in the form of Surefire's schema, surefire-test-report.xsd. No artifact holds that schema; what it asks for is
 * asserted here by hand: which elements in which order, which attributes, and how times look.
 */
class JUnitReportTest {
    private static final String TIME = "(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\\.[0-9]{0,3})?";

    private static Element suite(RunReport report) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JUnitReport.write(report, out);
        return DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(out.toByteArray()))
                .getDocumentElement();
    }

    private static List<Element> children(Element parent) {
        List<Element> children = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                children.add(element);
            }
        }
        return children;
    }

    private static List<String> attributes(Element element) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < element.getAttributes().getLength(); i++) {
            names.add(element.getAttributes().item(i).getNodeName());
        }
        return names;
    }

    @Test
    void hasTheFormOfTheSchema() throws Exception {
        for (RunReport report : List.of(SampleRun.report(), SampleRun.clean())) {
            Element suite = suite(report);
            assertThat(suite.getTagName()).isEqualTo("testsuite");
            assertThat(attributes(suite))
                    .containsExactlyInAnyOrder("name", "time", "tests", "errors", "skipped", "failures");
            assertThat(suite.getAttribute("time")).matches(TIME);
            assertThat(children(suite).getFirst().getTagName()).isEqualTo("properties");
            assertThat(children(children(suite).getFirst())).allSatisfy(property -> {
                assertThat(property.getTagName()).isEqualTo("property");
                assertThat(attributes(property)).containsExactlyInAnyOrder("name", "value");
            });
            assertThat(children(suite).stream().skip(1)).isNotEmpty().allSatisfy(JUnitReportTest::assertTestCase);
        }
    }

    private static void assertTestCase(Element test) {
        assertThat(test.getTagName()).isEqualTo("testcase");
        assertThat(attributes(test)).containsExactlyInAnyOrder("name", "classname", "time");
        assertThat(test.getAttribute("time")).matches(TIME);
        assertThat(children(test)).hasSizeLessThanOrEqualTo(1).allSatisfy(outcome -> {
            assertThat(outcome.getTagName()).isIn("failure", "skipped");
            assertThat(Set.of("message", "type")).containsAll(attributes(outcome));
            assertThat(outcome.getTagName().equals("failure")).isEqualTo(outcome.hasAttribute("type"));
            assertThat(children(outcome)).isEmpty();
        });
    }

    @Test
    void countsWhatItHolds() throws Exception {
        Element suite = suite(SampleRun.report());
        assertThat(suite.getAttribute("tests")).isEqualTo("4");
        assertThat(suite.getElementsByTagName("testcase").getLength()).isEqualTo(4);
        assertThat(suite.getAttribute("failures")).isEqualTo("3");
        assertThat(suite.getElementsByTagName("failure").getLength()).isEqualTo(3);
        assertThat(suite.getAttribute("skipped")).isEqualTo("1");
        assertThat(suite.getElementsByTagName("skipped").getLength()).isEqualTo(1);
    }

    @Test
    void passesWhereNothingWasFound() throws Exception {
        Element suite = suite(SampleRun.clean());
        assertThat(suite.getAttribute("tests")).isEqualTo("1");
        assertThat(suite.getAttribute("failures")).isEqualTo("0");
        assertThat(suite.getElementsByTagName("failure").getLength()).isZero();
    }

    @Test
    void survivesNamesThatXmlCannotHold() throws Exception {
        Element zombie = (Element)
                suite(SampleRun.report()).getElementsByTagName("failure").item(2);
        assertThat(zombie.getAttribute("message")).contains("a<b&?\"c");
    }
}
