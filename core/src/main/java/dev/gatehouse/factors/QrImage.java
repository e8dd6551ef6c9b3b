package dev.gatehouse.factors;

import io.nayuki.qrcodegen.QrCode;
import java.util.Base64;

/** QR codes as pictures. */
final class QrImage {
    private static final int DOTS_PER_MODULE = 6;
    /** Modules of white around the code that readers need (ISO/IEC 18004 §6.3.8). */
    private static final int QUIET = 4;

    private QrImage() {}

    /**
     * {@code data:image/png;base64,…} (RFC 2397) of a QR code. Some milliseconds of work.
     *
     * @throws IllegalArgumentException if the text is longer than any QR code can hold, which is 2953 bytes
     */
    static String dataUri(String text) {
        // the library raises the correction as far as the size allows; a screen loses no dots, so a small code reads
        // best
        QrCode code = QrCode.encodeText(text, QrCode.Ecc.LOW);
        int side = (code.size + 2 * QUIET) * DOTS_PER_MODULE;
        byte[] png =
                Png.square(side, (x, y) -> code.getModule(x / DOTS_PER_MODULE - QUIET, y / DOTS_PER_MODULE - QUIET));
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
    }
}
