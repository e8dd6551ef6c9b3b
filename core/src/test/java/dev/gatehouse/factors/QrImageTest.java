package dev.gatehouse.factors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.ReaderException;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import dev.gatehouse.crypto.RevealSecret;
import dev.gatehouse.crypto.Totp;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Pictures are read back by another's PNG reader and another's QR reader. */
class QrImageTest {
    private static BufferedImage image(byte[] png) throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        assertThat(image).isNotNull();
        return image;
    }

    private static String scanned(String dataUri) throws IOException, ReaderException {
        assertThat(dataUri).startsWith("data:image/png;base64,");
        byte[] png = Base64.getDecoder().decode(dataUri.substring("data:image/png;base64,".length()));
        BufferedImage image = image(png);
        int width = image.getWidth();
        int height = image.getHeight();
        int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
        return new QRCodeReader()
                .decode(new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(width, height, pixels))))
                .getText();
    }

    @Test
    void aScannerReadsWhatWasDrawn() throws Exception {
        for (String text : new String[] {
            "x",
            "otpauth://totp/Acme:ada%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme",
            "otpauth://totp/" + "%C3%9C".repeat(100) + "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        }) {
            assertThat(scanned(QrImage.dataUri(text))).isEqualTo(text);
        }
    }

    @Test
    void theLongestNamesThatAreAcceptedFit() throws Exception {
        Totp totp = Totp.of(new byte[64]);
        String issuer = "\u4e2d".repeat(64);
        for (String account : new String[] {"\u4e2d".repeat(150), "%".repeat(254)}) {
            new EnrollInput(null, issuer, account, totp).check();
            String uri = totp.uri(issuer, account).text(RevealSecret.access());
            assertThat(QrImage.dataUri(uri)).startsWith("data:image/png");
        }
        assertThatThrownBy(() -> QrImage.dataUri("x".repeat(2_954))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyDotIsWhereItWasPut() throws IOException {
        for (int side : new int[] {1, 7, 8, 9, 16, 33}) {
            byte[] png = Png.square(side, (x, y) -> (x * 7 + y * 5) % 3 == 0);
            BufferedImage image = image(png);
            assertThat(image.getWidth()).isEqualTo(side);
            assertThat(image.getHeight()).isEqualTo(side);
            assertThat(image.getColorModel().getPixelSize()).isEqualTo(1);
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    assertThat(image.getRGB(x, y) & 0xffffff)
                            .as("%d %d of %d", x, y, side)
                            .isEqualTo((x * 7 + y * 5) % 3 == 0 ? 0 : 0xffffff);
                }
            }
        }
    }

    @Test
    void aPictureIsSmall() {
        String uri = QrImage.dataUri(
                "otpauth://totp/Acme:ada%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme");
        assertThat(uri.length()).isLessThan(4_000);
        assertThat(Arrays.copyOf(Base64.getDecoder().decode(uri.substring(22)), 4))
                .containsExactly(0x89, 'P', 'N', 'G');
    }
}
