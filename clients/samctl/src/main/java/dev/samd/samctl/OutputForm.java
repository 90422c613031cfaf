// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

/** How results are printed. */
enum OutputForm {
    /** For people. */
    TABLE,
    /** One JSON value. */
    JSON,
    /** One JSON object a line, each as soon as it is there. */
    JSONL
}
