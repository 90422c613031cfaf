// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

/** Patterns in which {@code *} stands for any characters, also none, and a backslash takes the next character as it is. */
public final class Glob {
    private Glob() {}

    /** Whether a text fits a pattern, as a whole. Takes time of the product of their lengths at most. */
    public static boolean fits(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = t;
                continue;
            }
            boolean escaped = p + 1 < pattern.length() && pattern.charAt(p) == '\\';
            int at = escaped ? p + 1 : p;
            if (at < pattern.length() && pattern.charAt(at) == text.charAt(t)) {
                p = at + 1;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
