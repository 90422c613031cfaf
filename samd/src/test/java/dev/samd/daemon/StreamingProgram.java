// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import com.google.protobuf.ByteString;
import dev.samd.v1.RecordServiceStreamRequest.Item;
import java.nio.file.Path;

/** A client that asks for records until it is killed; prints a line when the first one has come. */
final class StreamingProgram {
    private StreamingProgram() {}

    public static void main(String[] arguments) throws Exception {
        try (TestChannel channel = new TestChannel(Path.of(arguments[0]))) {
            StreamClient client = StreamClient.reading(channel.channel());
            long sent = 0;
            while (true) {
                client.send(Item.newBuilder()
                        .setId(++sent)
                        .setProtect(BothEnds.protect(Messages.GET, BothEnds.CLIENT, BothEnds.SERVER, ByteString.EMPTY))
                        .build());
                while (sent - client.items.get() > 200) {
                    Thread.onSpinWait();
                }
                if (sent == 1000) {
                    System.out.println("streaming");
                }
            }
        }
    }
}
