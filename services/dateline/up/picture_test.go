package up_test

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/chromedp/chromedp"
)

// screenshots is where the pictures of the documentation are put.
var screenshots = flag.String("screenshots", "", "folder for screenshots of the console; none are made without it")

// shoot keeps a picture, where they are wanted.
func (b *browser) shoot(name string) error {
	if *screenshots == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(b.ctx, within)
	defer cancel()
	data, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		return err
	}
	picture, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return err
	}
	// With the few colours that a page has, a picture is a fraction of its size.
	small := image.NewPaletted(picture.Bounds(), colours(picture))
	draw.Draw(small, small.Bounds(), picture, image.Point{}, draw.Src)
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, small); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(*screenshots, "console-"+name+".png"), out.Bytes(), 0o644)
}

// colours are the most frequent colours of a picture, as many as a palette holds.
func colours(picture image.Image) color.Palette {
	count := make(map[color.RGBA]int)
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y++ {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x++ {
			r, g, b, _ := picture.At(x, y).RGBA()
			count[color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 0xff}]++
		}
	}
	frequent := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int { return cmp.Compare(count[b], count[a]) })
	var palette color.Palette
	for _, c := range frequent[:min(len(frequent), 256)] {
		palette = append(palette, c)
	}
	return palette
}
