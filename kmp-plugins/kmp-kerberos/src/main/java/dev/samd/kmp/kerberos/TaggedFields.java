// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1GeneralString;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;

/**
 * A sequence whose members carry numbers, as all of Kerberos do (RFC 4120 s5.1). Reading what is not there, or is of another
 * kind, throws {@link IllegalArgumentException}; no length is believed that is longer than what holds it.
 */
final class TaggedFields {
    private final Map<Integer, ASN1Object> fields = new TreeMap<>();

    private TaggedFields(ASN1Encodable sequence) {
        for (ASN1Encodable member : ASN1Sequence.getInstance(sequence)) {
            ASN1TaggedObject tagged = ASN1TaggedObject.getInstance(member);
            fields.put(tagged.getTagNo(), tagged.getExplicitBaseObject());
        }
    }

    /** A message that has a number itself: {@code [APPLICATION 14] SEQUENCE}. */
    static TaggedFields read(byte[] message) throws IOException {
        return new TaggedFields(ASN1TaggedObject.getInstance(ASN1Primitive.fromByteArray(message))
                .getExplicitBaseObject());
    }

    boolean has(int number) {
        return fields.containsKey(number);
    }

    ASN1Object field(int number) {
        ASN1Object field = fields.get(number);
        if (field == null) {
            throw new IllegalArgumentException("no member " + number);
        }
        return field;
    }

    int number(int number) {
        return ASN1Integer.getInstance(field(number)).intValueExact();
    }

    byte[] octets(int number) {
        return ASN1OctetString.getInstance(field(number)).getOctets();
    }

    String text(int number) {
        return ASN1GeneralString.getInstance(field(number)).getString();
    }

    List<String> texts(int number) {
        List<String> texts = new ArrayList<>();
        for (ASN1Encodable one : ASN1Sequence.getInstance(field(number))) {
            texts.add(ASN1GeneralString.getInstance(one).getString());
        }
        return texts;
    }

    /** A message inside; a ticket has a number of its own. */
    TaggedFields inner(int number) {
        ASN1Object field = field(number);
        return new TaggedFields(field instanceof ASN1TaggedObject tagged ? tagged.getExplicitBaseObject() : field);
    }
}
