// SPDX-License-Identifier: Apache-2.0
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/** Compiled and run from its source: threads, parallel streams, HTTP to itself, files, a process. */
public class Threads {
    static void check(String what, Object found, Object expected) {
        if (!found.equals(expected))
            throw new AssertionError(what + ": found " + found + ", expected " + expected);
    }

    static void threads() throws Exception {
        AtomicLong total = new AtomicLong();
        Thread[] everyone = new Thread[8];
        for (int i = 0; i < everyone.length; i++) {
            everyone[i] = new Thread(() -> {
                for (int n = 0; n < 10000; n++)
                    total.incrementAndGet();
            });
            everyone[i].start();
        }
        for (Thread one : everyone)
            one.join();
        check("threads", total.get(), 80000L);
        check("stream", LongStream.rangeClosed(1, 1000000).parallel().sum(), 500000500000L);
        byte[][] rubbish = new byte[64][];
        for (int i = 0; i < 2000; i++)
            rubbish[i % 64] = new byte[1 << 20];
        System.gc();
    }

    static void http() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(Executors.newFixedThreadPool(2));
        server.createContext("/", exchange -> {
            byte[] page = "a page".getBytes();
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        server.start();
        URI place = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        check("http", HttpClient.newHttpClient().send(HttpRequest.newBuilder(place).build(),
                BodyHandlers.ofString()).body(), "a page");
        server.stop(0);
    }

    static void files() throws Exception {
        var path = Files.createTempFile("java", "file");
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap("text".getBytes()));
            check("lock", file.lock().isValid(), true);
            check("map", (char) file.map(FileChannel.MapMode.READ_ONLY, 0, 4).get(0), 't');
        }
        Process process = new ProcessBuilder("sh", "-c", "exit 3").start();
        check("process", process.waitFor(), 3);
    }

    public static void main(String[] arguments) throws Exception {
        threads();
        http();
        files();
        System.out.println("works");
        System.exit(0);
    }
}
