// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.sa.Octets;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why an acceptor refuses an AP-REQ, and what it tells about it.
 *
 * <p>Who holds a ticket for this service is told what Kerberos tells too (RFC 4120 s7.5.9): one of four names, and the time of
 * this host. It comes as a diagnostic payload (RFC 7252 s5.5.2): {@code KRB_AP_ERR_SKEW 1764346800}. All others, who have
 * proven nothing, get a code and no reason.
 */
enum Refusal {
    /** No AP-REQ. */
    MALFORMED(Answer.BAD_REQUEST, 0, "", ""),
    /** For another service, under another key, changed, or bound to another request. */
    REJECTED(Answer.UNAUTHORIZED, 0, "", ""),
    /** The ticket has ended. */
    EXPIRED(Answer.UNAUTHORIZED, 32, "KRB_AP_ERR_TKT_EXPIRED", "that the ticket has expired"),
    /** The ticket begins later. */
    NOT_YET_VALID(Answer.UNAUTHORIZED, 33, "KRB_AP_ERR_TKT_NYV", "that the ticket is not yet valid"),
    /** It was shown before. */
    REPEATED(Answer.UNAUTHORIZED, 34, "KRB_AP_ERR_REPEAT", "that it was shown this request before"),
    /** Its maker's clock and the one here differ by more than is allowed. */
    SKEWED(Answer.UNAUTHORIZED, 37, "KRB_AP_ERR_SKEW", "that the clocks differ by too much"),
    /** Good, but when its ticket ends cannot be read: an SA that would outlive its ticket is not made. */
    ENDLESS(Answer.UNAVAILABLE, 0, "", "");

    private static final Pattern NUMBER = Pattern.compile("\\((\\d{1,3})\\)");
    private static final Pattern TOLD = Pattern.compile("(KRB_AP_ERR_[A-Z_]{1,16}) (\\d{1,11})");
    private static final int LONGEST = 40;

    private final int code;
    private final int number;
    private final String told;
    private final String words;

    Refusal(int code, int number, String told, String words) {
        this.code = code;
        this.number = number;
        this.told = told;
        this.words = words;
    }

    /** The one that an error of the JDK means: "Clock skew too great (37)". The number is all that it lends of its exceptions. */
    static Refusal of(String message) {
        Matcher matcher = NUMBER.matcher(message);
        int number = matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
        return Arrays.stream(values())
                .filter(one -> one.number > 0 && one.number == number)
                .findFirst()
                .orElse(REJECTED);
    }

    Answer answer(Instant now) {
        if (told.isEmpty()) {
            return Answer.of(code);
        }
        String text = told + " " + now.getEpochSecond();
        return new Answer(code, Incoming.NO_FORMAT, Octets.of(text.getBytes(StandardCharsets.US_ASCII)));
    }

    /** What a refusal of the peer says beyond its code, in words for who waits; nobody vouches for it. Empty for nothing known. */
    static Optional<String> read(Answer answer, Instant now) {
        if (answer.payload().length() > LONGEST) {
            return Optional.empty();
        }
        Matcher matcher = TOLD.matcher(new String(answer.payload().toArray(), StandardCharsets.US_ASCII));
        return matcher.matches()
                ? Arrays.stream(values())
                        .filter(one -> one.code == answer.code() && one.told.equals(matcher.group(1)))
                        .findFirst()
                        .map(one -> one.sentence(Long.parseLong(matcher.group(2)), now))
                : Optional.empty();
    }

    private String sentence(long seconds, Instant now) {
        long ahead = seconds - now.getEpochSecond();
        String clock = ahead == 0
                ? "shows the same time as"
                : "is " + Math.abs(ahead) + " s " + (ahead > 0 ? "ahead of" : "behind");
        return "it says " + words + "; its clock " + clock + " the one here";
    }
}
