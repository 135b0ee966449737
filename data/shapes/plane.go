package shapes

// plane is one number a pixel, row-major.
type plane [Size * Size]float32

// axis is the coordinate of a pixel's centre, from -1 to 1, for columns and rows.
var axis = func() (a [Size]float32) {
	for i := range a {
		a[i] = float32(2*i+1-Size) / Size
	}
	return a
}()

// pixelStep is the distance between two pixels' centres.
const pixelStep = 2.0 / Size

// largestGrid is the finest lattice that smoothNoise takes.
const largestGrid = 32

// smoothNoise fills p with value noise in [0, 1]: random numbers on a lattice of
// rows x columns cells, joined by smoothstep.
func smoothNoise(p *plane, d dice, rows, columns int) {
	var lattice [largestGrid + 1][largestGrid + 1]float32
	for y := range rows + 1 {
		for x := range columns + 1 {
			lattice[y][x] = d.unit()
		}
	}
	cellX, weightX := lookup(columns)
	cellY, weightY := lookup(rows)
	var line [largestGrid + 1]float32
	for y := range Size {
		top, bottom := &lattice[cellY[y]], &lattice[cellY[y]+1]
		for x := range columns + 1 {
			line[x] = mix(top[x], bottom[x], weightY[y])
		}
		row := p[y*Size:][:Size]
		for x := range row {
			c := cellX[x]
			row[x] = mix(line[c], line[c+1], weightX[x])
		}
	}
}

// lookup gives, for every pixel along one side, its cell of a lattice of n cells
// and the smoothstep weight of the cell's far end.
func lookup(n int) (cell [Size]int, weight [Size]float32) {
	for i := range Size {
		at := mul(float32(i)+.5, float32(n)/Size)
		cell[i] = min(int(at), n-1)
		f := at - float32(cell[i])
		weight[i] = mul(mul(f, f), 3-2*f)
	}
	return cell, weight
}

// fill sets p to f of the pixel's place.
func (p *plane) fill(f func(x, y int) float32) {
	for y := range Size {
		row := p[y*Size:][:Size]
		for x := range row {
			row[x] = f(x, y)
		}
	}
}

// along evaluates f at the pixel centres of one side.
func along(f func(float32) float32) (values [Size]float32) {
	for i, at := range axis {
		values[i] = f(at)
	}
	return values
}

// picture is one colour a pixel, row-major; white is 1.
type picture [Size * Size]colour

func (p *picture) flood(c colour) {
	for i := range p {
		p[i] = c
	}
}

// posterise leaves levels+1 values in each channel.
func (p *picture) posterise(levels float32) {
	for i := range p {
		p[i] = p[i].posterised(levels)
	}
}

func (c colour) posterised(levels float32) colour {
	for k := range c {
		c[k] = floor(mul(clamp(c[k], 0, 1), levels)+.5) / levels
	}
	return c
}

// blend is c covered by top with the given opacity.
func (c colour) blend(top colour, opacity float32) colour {
	for k := range c {
		c[k] = mix(c[k], top[k], opacity)
	}
	return c
}

func (c colour) scaled(by float32) colour {
	for k := range c {
		c[k] *= by
	}
	return c
}
