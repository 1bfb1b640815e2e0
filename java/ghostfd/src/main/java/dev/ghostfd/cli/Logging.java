/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import java.io.PrintStream;
import java.time.Instant;
import java.util.Locale;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** One line on standard error per record, for machines and people: logfmt or JSON. */
final class Logging {
    /** How a line is written. */
    enum Format {
        LOGFMT,
        JSON
    }

    /** From which severity on. */
    enum Severity {
        DEBUG,
        INFO,
        WARN,
        ERROR;

        private Level level() {
            return switch (this) {
                case DEBUG -> Level.FINE;
                case INFO -> Level.INFO;
                case WARN -> Level.WARNING;
                case ERROR -> Level.SEVERE;
            };
        }
    }

    private Logging() {}

    static void configure(Severity severity, Format format) {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(severity.level());
        root.addHandler(new LineHandler(System.err, format));
    }

    private static final class LineHandler extends Handler {
        private final PrintStream out;
        private final Format format;

        LineHandler(PrintStream out, Format format) {
            this.out = out;
            this.format = format;
        }

        @Override
        public void publish(LogRecord logged) {
            String severity = severity(logged.getLevel());
            String time = Instant.ofEpochMilli(logged.getMillis()).toString();
            String message = logged.getMessage();
            Throwable thrown = logged.getThrown();
            if (format == Format.JSON) {
                out.println("{\"ts\":\"" + time + "\",\"level\":\"" + severity + "\",\"msg\":" + quote(message)
                        + (thrown == null ? "" : ",\"error\":" + quote(thrown.toString())) + "}");
            } else {
                out.println("ts=" + time + " level=" + severity + " msg=" + quote(message)
                        + (thrown == null ? "" : " error=" + quote(thrown.toString())));
            }
        }

        private static String severity(Level level) {
            if (level.intValue() >= Level.SEVERE.intValue()) {
                return "error";
            }
            return level.intValue() >= Level.WARNING.intValue()
                    ? "warn"
                    : level.intValue() >= Level.INFO.intValue() ? "info" : "debug";
        }

        private static String quote(String text) {
            StringBuilder quoted = new StringBuilder("\"");
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                switch (c) {
                    case '"', '\\' -> quoted.append('\\').append(c);
                    case '\n' -> quoted.append("\\n");
                    default -> quoted.append(c < ' ' ? String.format(Locale.ROOT, "\\u%04x", (int) c) : c);
                }
            }
            return quoted.append('"').toString();
        }

        @Override
        public void flush() {
            out.flush();
        }

        @Override
        public void close() {
            flush();
        }
    }
}
