// SPDX-License-Identifier: Apache-2.0
package dev.samd.audit;

import java.util.ArrayList;
import java.util.List;

/**
 * What a verification found.
 *
 * @param lines how many lines are as they were written
 * @param head the last of them, {@link ChainHead#NONE} without any
 * @param findings what is not as it was written, in the order of the files; empty for a whole log
 * @param notes what cannot be said, or is no tampering
 */
public record AuditReport(long lines, ChainHead head, List<String> findings, List<String> notes) {
    private static final int MAX_FINDINGS = 100;

    public AuditReport {
        findings = List.copyOf(findings);
        notes = List.copyOf(notes);
    }

    /** Whether everything is as it was written, as far as it can be said. */
    public boolean isWhole() {
        return findings.isEmpty();
    }

    /** A report in the making: of a log that is all wrong it keeps the beginning. */
    static final class Draft {
        private final List<String> findings = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private long more;

        void found(String what) {
            if (findings.size() < MAX_FINDINGS) {
                findings.add(what);
            } else {
                more++;
            }
        }

        void note(String what) {
            notes.add(what);
        }

        AuditReport end(long lines, ChainHead head) {
            if (more > 0) {
                findings.add("and " + more + " more");
            }
            return new AuditReport(lines, head, findings, notes);
        }
    }
}
